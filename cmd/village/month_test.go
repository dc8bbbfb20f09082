package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/bot/console"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/village"
)

// A month of a busy group, over the night in which the clocks go back: twelve
// members with sessions, check-ins and reminders of their own, six reminders in
// the channel, a weekly look ahead. Whatever is due is taken up once and at its
// time; nobody hears anything during a session, the channel gets no more than
// its number of posts a day, and the nights are quiet.
func TestAMonthOfABusyGroup(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		m := newMonth(t, library)
		m.plan()
		m.live()
		m.judgeJobs()
		m.judgeChannel()
		for _, member := range m.members {
			m.judgeMember(member)
		}
		t.Logf("%d jobs were taken up, %d messages sent", len(m.taken), len(m.posts))
	})
}

// month is the group, and what came of it.
type month struct {
	t       *testing.T
	begin   time.Time
	store   store.Store
	console *console.Console
	out     bytes.Buffer
	parts   *assembly
	members []villager
	zone    *time.Location // the group's

	mu    sync.Mutex
	posts []said
	taken map[string]int // jobs at their due times
	late  time.Duration  // the latest that one was taken up
	early int
}

// villager is a member: the zone they live in, the day of their session, and
// the codes of their own reminders.
type villager struct {
	name    string
	zone    *time.Location
	session time.Time
	codes   map[string]string // by what the reminder says
}

type said struct {
	at    time.Time
	to    bot.Address
	text  string
	nonce string
}

const (
	monthDays    = 30
	postsADay    = 4
	sessionHours = 2 * time.Hour
)

func newMonth(t *testing.T, library *content.Library) *month {
	m := &month{t: t, zone: place(t, "America/Denver"), taken: map[string]int{}}
	m.begin = time.Date(2026, 10, 15, 8, 0, 0, 0, m.zone)
	<-time.After(time.Until(m.begin)) // the bubble begins in the year 2000
	kept, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	m.store = kept
	keys, err := village.ParseKeyring("cmVoZWFyc2FsIGtleSwgbm8gc2VjcmV0IGF0IGFsbCE=")
	if err != nil {
		t.Fatal(err)
	}
	m.console = console.New(console.Config{Out: &m.out, Moderators: []string{"mod"}, Now: time.Now})
	m.parts, err = assemble(takenUp{kept, m}, library, keys, time.Now, seeded(), []bot.Platform{listener{m.console, m}}, discardLog())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.parts.app.Start(t.Context(), console.Workspace, console.Name+"/village", "village", time.UTC); err != nil {
		t.Fatal(err)
	}
	return m
}

func place(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// takenUp notes every job that is handed out.
type takenUp struct {
	store.Store
	month *month
}

func (s takenUp) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	jobs, err := s.Store.Lease(ctx, limit, hold)
	m := s.month
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, j := range jobs {
		m.taken[fmt.Sprint(j.Partition, " ", j.ID, " ", j.Due)]++
		after := time.Since(j.Due)
		m.late = max(m.late, after)
		if after < 0 {
			m.early++
		}
	}
	return jobs, err
}

// listener is the console, and notes what is sent.
type listener struct {
	*console.Console
	month *month
}

func (l listener) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	l.month.mu.Lock()
	defer l.month.mu.Unlock()
	text := o.Message.Title + "\n" + o.Message.Text
	for _, b := range o.Message.Flat().Buttons {
		text += "\n" + b.Command
	}
	l.month.posts = append(l.month.posts, said{time.Now(), o.To, text, o.Nonce})
	return l.Console.Send(ctx, o)
}

// say speaks, and gives what was answered.
func (m *month) say(line string) string {
	m.t.Helper()
	m.out.Reset()
	if err := m.console.Say(m.t.Context(), m.parts.bot, line); err != nil {
		m.t.Fatal(err)
	}
	return m.out.String()
}

// code finds what a command in an answer is about.
func (m *month) code(answer, command string) string {
	m.t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(command) + ` (\w+)`).FindStringSubmatch(answer)
	if found == nil {
		m.t.Fatalf("no %s in:\n%s", command, answer)
	}
	return found[1]
}

var (
	// postHours are the hours of the channel's reminders; the last is at night.
	postHours = []int{9, 11, 13, 15, 18, 22}
	// own are a member's own reminders, and what they say.
	own = map[string]string{"water": "every day at 9am", "stretch": "every day at 1:30pm", "walk": "every 3 hours"}
)

// plan is what the group sets up in the first hour.
func (m *month) plan() {
	m.t.Helper()
	m.say("mod: /setup zone Denver")
	m.say("mod: /setup digest sun 6pm")
	m.say(fmt.Sprint("mod: /reminders limit ", postsADay))
	for _, hour := range postHours {
		m.code(m.say(fmt.Sprintf("mod: /reminders add every day at %d:00 words: post %d", hour, hour)), "/reminders pause")
	}
	zones := []string{"America/Denver", "America/New_York", "Europe/London"}
	for i := range 12 {
		v := villager{name: fmt.Sprintf("maya%d", i), zone: place(m.t, zones[i%len(zones)]), codes: map[string]string{}}
		m.say(fmt.Sprintf("%s: /my zone %s", v.name, zones[i%len(zones)]))
		day := m.begin.In(v.zone).AddDate(0, 0, 2+2*i)
		v.session = time.Date(day.Year(), day.Month(), day.Day(), 13, 0, 0, 0, v.zone)
		wish := ""
		if i%3 == 0 {
			wish = " area: near the park help: ride home details: ring twice"
		}
		plan := m.say(fmt.Sprintf("%s: /session add %s at 1pm fasting: food 4 hours zone: %s%s", v.name, day.Format(time.DateOnly), v.zone, wish))
		m.say(fmt.Sprintf("%s: /session save %s", v.name, m.code(plan, "/session save")))
		for words, schedule := range own {
			answer := m.say(fmt.Sprintf("%s@dm: /remind add %s words: %s", v.name, schedule, words))
			v.codes[words] = m.code(answer, "/remind delete")
		}
		m.members = append(m.members, v)
	}
}

// live lets the month pass.
func (m *month) live() {
	m.t.Helper()
	ctx, cancel := context.WithCancel(m.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.parts.scheduler.Run(ctx) }()
	<-time.After(monthDays * 24 * time.Hour)
	synctest.Wait()
	cancel()
	if err := <-ended; err != nil {
		m.t.Error(err)
	}
}

// judgeJobs: whatever was due was taken up once, at its time, and nothing is
// left behind.
func (m *month) judgeJobs() {
	for what, times := range m.taken {
		if times > 1 {
			m.t.Errorf("%s was taken up %d times", what, times)
		}
	}
	if m.early > 0 || m.late > time.Second {
		m.t.Errorf("%d were early, and the latest came after %v", m.early, m.late)
	}
	next, _, err := m.store.NextDue(m.t.Context())
	if err != nil || next.Before(time.Now()) {
		m.t.Errorf("something due at %v was left behind: %v", next, err)
	}
	nonces := map[string]bool{}
	for _, p := range m.posts {
		if nonces[p.nonce] {
			m.t.Errorf("%s was said twice: %q", p.nonce, p.text)
		}
		nonces[p.nonce] = true
	}
}

// judgeChannel: on every day the first ones that the limit allows, at their
// hours, and none at night.
func (m *month) judgeChannel() {
	days, digests := map[string][]int{}, 0
	for _, p := range m.posts {
		at := p.at.In(m.zone)
		if village.Night().Holds(p.at, m.zone) && p.to.Room != "" {
			m.t.Errorf("a post at %v: %q", at, p.text)
		}
		if strings.Contains(p.text, "\npost ") {
			day := at.Format(time.DateOnly)
			if at.Minute() != 0 || !strings.Contains(p.text, fmt.Sprint("post ", at.Hour())) {
				m.t.Errorf("at %v came %q", at, p.text)
			}
			days[day] = append(days[day], at.Hour())
		} else if p.to.Room != "" && strings.Contains(p.text, "The week ahead") {
			digests++
		}
	}
	if len(days) != monthDays {
		m.t.Errorf("posts on %d days", len(days))
	}
	for day, hours := range days {
		if !slices.Equal(hours, postHours[:postsADay]) {
			m.t.Errorf("on %s there were posts at %v", day, hours)
		}
	}
	if digests != 3 { // on the fourth Sunday nobody asks for a ride any more
		m.t.Errorf("%d looks at the week ahead", digests)
	}
}

// judgeMember: their own reminders on every day at their hours in their zone,
// what fell into the session at its end, and nothing in the session; an interval
// at the hours that it began with.
func (m *month) judgeMember(v villager) {
	over := v.session.Add(sessionHours)
	times := map[string][]time.Time{}
	for _, p := range m.posts {
		if p.to.Person != console.Name+"/"+v.name {
			continue
		}
		at := p.at.In(v.zone).Truncate(time.Second)
		if !at.Before(v.session) && at.Before(over) {
			m.t.Errorf("%s heard %q at %v, in the session", v.name, p.text, at)
		}
		if village.Night().Holds(at, v.zone) && !strings.Contains(p.text, "/session read") {
			m.t.Errorf("%s heard %q at %v, at night", v.name, p.text, at)
		}
		for words, code := range v.codes {
			if strings.Contains(p.text, "/remind read "+code) {
				times[words] = append(times[words], at)
			}
		}
		if strings.Contains(p.text, checkInNote) {
			times["how"] = append(times["how"], at)
		}
	}
	for words, want := range map[string][]time.Time{
		"water":   m.daily(v, 0, monthDays+1, 9, 0),
		"stretch": m.daily(v, 0, monthDays+1, 13, 30),
		"how":     m.daily(v, v.session.YearDay()-m.begin.YearDay()+1, village.CheckInDays, 10, 0),
		"walk":    m.interval(v, 3*time.Hour),
	} {
		if !slices.EqualFunc(times[words], want, time.Time.Equal) {
			m.t.Errorf("%s heard %s at %v, want %v", v.name, words, times[words], want)
		}
	}
}

// daily is when something comes that is due at a time of day, on so many days
// from one on, as far as the month goes: what falls into the session comes at
// its end.
func (m *month) daily(v villager, from, days, hour, minute int) (times []time.Time) {
	first := m.begin.In(v.zone)
	for day := range days {
		due := time.Date(first.Year(), first.Month(), first.Day()+from+day, hour, minute, 0, 0, v.zone)
		if !due.After(m.begin) || due.After(m.begin.Add(monthDays*24*time.Hour)) {
			continue
		}
		if over := v.session.Add(sessionHours); !due.Before(v.session) && due.Before(over) {
			due = over
		}
		times = append(times, due)
	}
	return times
}

// interval is when something comes that was set up at the beginning for every so
// many hours, as far as the month goes. It counts from the beginning, whenever one
// came: what falls into the session or the night comes at the end of it, or not at
// all where that is later than half the way to the next.
func (m *month) interval(v villager, every time.Duration) (times []time.Time) {
	end := m.begin.Add(monthDays * 24 * time.Hour)
	for due := m.begin.Add(every); !due.After(end); due = due.Add(every) {
		at, local := due, due.In(v.zone)
		switch over := v.session.Add(sessionHours); {
		case !due.Before(v.session) && due.Before(over):
			at = over
		case local.Hour() >= 21: // until eight in the morning
			at = time.Date(local.Year(), local.Month(), local.Day()+1, 8, 0, 0, 0, v.zone)
		case local.Hour() < 8:
			at = time.Date(local.Year(), local.Month(), local.Day(), 8, 0, 0, 0, v.zone)
		}
		if at.Sub(due) <= every/2 && !at.After(end) {
			times = append(times, at)
		}
	}
	return times
}
