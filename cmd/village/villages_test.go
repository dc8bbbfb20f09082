package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/content"
	"village/internal/store"
	"village/internal/store/storetest"
	"village/internal/village"
	"village/scheduler"
)

// Ten small villages live through a month, each from one seed: members plan, helpers say
// yes, keep silent or step back. Nobody is sent more than is good for them, nothing that
// is owed is missing, nothing is said of water while a clinic's rule holds, and whatever
// is said to have been asked or told was.
//
//	go test -run TestTenVillagesForAMonth ./cmd/village -seed 42    one of them again
func TestTenVillagesForAMonth(t *testing.T) {
	t.Parallel()
	if storetest.RaceDetector {
		t.Skip("without the race detector it is held; with it, TestAMonthOfABusyGroup plays the same code")
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	seed, villages := flagged[uint64]("seed"), 10
	switch {
	case seed != 0:
		villages = 1
	default:
		seed = uint64(time.Now().UnixNano())
	}
	messages := 0
	for i := range villages {
		synctest.Test(t, func(t *testing.T) {
			v := &smallVillage{month: newMonth(t, library), seed: seed + uint64(i), rng: rand.New(rand.NewPCG(seed+uint64(i), 14)), plain: map[string]bool{}}
			v.begins()
			v.passes()
			v.judgeDays()
			v.judgeOwn()
			v.judgeHelpers()
			v.judgeSessions()
			v.judgeWords()
			v.judgeOwed()
			messages += len(v.posts)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d villages from seed %d, %d messages", villages, seed, messages)
}

// smallVillage is a month with its people's own ways.
type smallVillage struct {
	*month
	seed     uint64
	rng      *rand.Rand
	sessions []plannedSession
	helpers  []string
	own      []ownHour
	plain    map[string]bool // who reads all of a note at once
	answers  []said          // what was answered, and to whom
}

type plannedSession struct {
	who        string
	start, end time.Time
	drinks     time.Duration
}

// ownHour is a reminder that somebody has set to a minute of every day.
type ownHour struct {
	who, words   string
	hour, minute int
}

// sets has somebody set reminders of their own to minutes of the day.
func (v *smallVillage) sets(who string) {
	for i := range v.rng.IntN(4) * v.rng.IntN(2) {
		o := ownHour{who, fmt.Sprintf("walk %d", i), 8 + v.rng.IntN(13), 5 * v.rng.IntN(12)}
		v.say(fmt.Sprintf("%s@dm: /remind add when: every day at %d:%02d words: %s", who, o.hour, o.minute, o.words))
		v.own = append(v.own, o)
	}
}

// sentSoFar is what was sent until now, while the village goes on.
func (v *smallVillage) sentSoFar() []said {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.posts)
}

func (v *smallVillage) fault(format string, args ...any) {
	v.t.Helper()
	v.t.Errorf("seed %d: "+format, append([]any{v.seed}, args...)...)
}

// begins is what the members plan.
func (v *smallVillage) begins() {
	v.say("mod: /setup zone Denver")
	v.say("mod: /setup moderators #mods")
	v.helpers = []string{"sam", "ana", "lee"}
	for i := range 3 {
		who := fmt.Sprintf("maya%d", i)
		if v.rng.IntN(2) == 0 {
			v.say(who + "@dm: /remind voice plain")
			v.plain[who] = true
		}
		v.sets(who)
		day := 2 + v.rng.IntN(3)
		for range 1 + v.rng.IntN(2) {
			day = v.plans(who, day)
		}
	}
}

// plans has somebody plan some sessions from a day on, and gives the day of the last.
func (v *smallVillage) plans(who string, day int) int {
	hour, food, drinks := 10+v.rng.IntN(7), v.rng.IntN(9), 1+v.rng.IntN(4)
	var dates []string
	for range 1 + v.rng.IntN(3) {
		day += 1 + v.rng.IntN(5)
		local := v.begin.AddDate(0, 0, day)
		start := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, v.zone)
		v.sessions = append(v.sessions, plannedSession{who, start, start.Add(2 * time.Hour), time.Duration(drinks) * time.Hour})
		dates = append(dates, start.Format("2006-01-02 15:04"))
	}
	help := []string{"ride home", "ride home, childcare", "ride there, ride home, childcare, meal"}[v.rng.IntN(3)]
	line := fmt.Sprintf("%s: /session add when: %s help: %s area: near the park home: the west side fasting: food %d hours, drinks %d hours", who, strings.Join(dates, ", "), help, food+drinks, drinks)
	plan := v.say(line)
	v.say(fmt.Sprintf("%s: /session save %s", who, v.code(plan, "/session save")))
	return day
}

// passes lets the month pass, in which people tap what they were sent.
func (v *smallVillage) passes() {
	ctx, cancel := context.WithCancel(v.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.parts.scheduler.Run(ctx) }()
	for range monthDays * 4 {
		<-time.After(time.Duration(5+v.rng.IntN(2)) * time.Hour)
		synctest.Wait()
		if village.Night().Holds(time.Now(), v.zone) {
			continue
		}
		for _, who := range append(slices.Clone(v.helpers), "maya0", "maya1", "maya2") {
			v.taps(who)
		}
	}
	<-time.After(24 * time.Hour)
	synctest.Wait()
	cancel()
	if err := <-ended; err != nil {
		v.t.Error(err)
	}
}

var (
	helperTaps = regexp.MustCompile(`(?m)^/need (?:claim|still|got|home|release) \w{6}( days: all)?$`)
	memberTaps = regexp.MustCompile(`(?m)^/(?:need (?:approve|here|home) .*|checkin today (?:better|same|heavier)|session read .*)$`)
)

// taps has somebody tap one of the buttons that they were sent of late.
func (v *smallVillage) taps(who string) {
	isHelper := slices.Contains(v.helpers, who)
	var seen []string
	for _, p := range v.sentSoFar() {
		if time.Since(p.at) > 2*24*time.Hour || p.to.Person != "console/"+who && (p.to.Person != "" || !isHelper) {
			continue
		}
		if isHelper {
			seen = append(seen, helperTaps.FindAllString(p.text, -1)...)
		} else {
			seen = append(seen, memberTaps.FindAllString(p.text, -1)...)
		}
	}
	if len(seen) == 0 || v.rng.IntN(3) == 0 {
		return
	}
	tap := seen[v.rng.IntN(len(seen))]
	if strings.HasPrefix(tap, "/need release") && v.rng.IntN(4) > 0 {
		return
	}
	v.answers = append(v.answers, said{time.Now(), bot.Address{Person: "console/" + who}, v.say(who + ": " + tap), ""})
}

// isOwn says whether a message is a reminder that its reader has set.
func isOwn(p said) bool {
	return strings.Contains(p.text, "Your note for") || strings.Contains(p.text, "/remind snooze")
}

var (
	anyOfNote   = regexp.MustCompile(`(?m)^/session read \w+ (\S+)`)
	onlyOffered = []string{village.Hydration, village.SleepEarly, village.EveningCard, village.Integration, village.Intention}
)

// judgeOwn: what somebody has set to a minute comes at it, whatever else does, and ideas
// of mine give way to it on a full day.
func (v *smallVillage) judgeOwn() {
	type day struct{ all, offered int }
	days := map[string]*day{}
	at := map[string]bool{}
	for _, p := range v.posts {
		key := p.to.Person + p.at.In(v.zone).Format(" 2006-01-02")
		if days[key] == nil {
			days[key] = &day{}
		}
		switch {
		case isOwn(p):
			days[key].all++
			at[p.to.Person+p.at.In(v.zone).Format(" 2006-01-02 15:04")] = true
		case strings.Contains(p.text, "/session re"), strings.Contains(p.text, "/checkin today"):
			days[key].all++
			first := anyOfNote.FindStringSubmatch(p.text)
			if first != nil && slices.Contains(onlyOffered, first[1]) && !v.plain[strings.TrimPrefix(p.to.Person, "console/")] {
				days[key].offered++
			}
		}
	}
	busy := map[string]bool{}
	for _, s := range v.sessions {
		busy["console/"+s.who+s.start.Format(" 2006-01-02")] = true
	}
	for key, d := range days {
		most := village.MostPlanned
		if busy[key] {
			most = village.MostOnSessionDay
		}
		own := slices.ContainsFunc(v.own, func(o ownHour) bool { return strings.HasPrefix(key, "console/"+o.who+" ") })
		if own && d.all > most && d.offered > 0 {
			v.fault("%d messages with ideas of mine among them: %s", d.all, key)
		}
	}
	for _, o := range v.own {
		for n := 1; n < monthDays; n++ {
			local := v.begin.AddDate(0, 0, n)
			due := time.Date(local.Year(), local.Month(), local.Day(), o.hour, o.minute, 0, 0, v.zone)
			during := slices.ContainsFunc(v.sessions, func(s plannedSession) bool { return s.who == o.who && !due.Before(s.start) && due.Before(s.end) })
			if !during && due.Before(time.Now()) && !at["console/"+o.who+due.Format(" 2006-01-02 15:04")] {
				v.fault("%s had set %q to %v, and it did not come", o.who, o.words, due)
			}
		}
	}
}

// judgeHelpers: whoever helps is sent little about one promise on any day, of what nobody
// waits for; some of them help several people on the same day.
func (v *smallVillage) judgeHelpers() {
	planned := map[string]int{}
	for _, p := range v.posts {
		about := asksHelper.FindStringSubmatch(p.text)
		if about != nil && slices.Contains(v.helpers, strings.TrimPrefix(p.to.Person, "console/")) {
			planned[p.to.Person+" "+about[1]+p.at.In(v.zone).Format(" 2006-01-02")]++
		}
	}
	for day, n := range planned {
		if n > mostOfOnePromise {
			v.fault("%d planned messages to a helper about one promise: %s", n, day)
		}
	}
}

// asksHelper is what somebody who helps is asked in a planned message, with the code of the
// request; mostOfOnePromise are the details, whether it is still on, twice, and how it went.
var asksHelper = regexp.MustCompile(`/need (?:still|got) (\w+)`)

const mostOfOnePromise = 4

// judgeDays: what is planned for somebody is little on every day.
func (v *smallVillage) judgeDays() {
	planned, rides := map[string]int{}, map[string]int{}
	for _, p := range v.posts {
		day := p.to.Person + p.at.In(v.zone).Format(" 2006-01-02")
		switch {
		case !strings.HasPrefix(p.to.Person, "console/maya"):
		case strings.Contains(p.text, "/session re"), strings.Contains(p.text, "/checkin today"), strings.Contains(p.text, "Are you home?"), strings.Contains(p.text, "Nothing to decide now"):
			planned[day]++
		case strings.Contains(p.text, "Is your ride there?"):
			rides[day]++
		}
	}
	busy := map[string]bool{}
	for _, s := range v.sessions {
		busy["console/"+s.who+s.start.Format(" 2006-01-02")] = true
	}
	for day, n := range planned {
		if n > village.MostOnSessionDay || n > village.MostPlanned && !busy[day] || n+rides[day] > village.MostOnSessionDay+1 {
			v.fault("%d planned messages and %d about rides: %s", n, rides[day], day)
		}
	}
}

// judgeSessions: whoever has a session is told in the evening before, and before it and
// after it; and nothing of water while their clinic's rule holds.
func (v *smallVillage) judgeSessions() {
	for _, s := range v.sessions {
		midnight := time.Date(s.start.Year(), s.start.Month(), s.start.Day(), 0, 0, 0, 0, v.zone)
		got := func(from, to time.Time) int {
			n := 0
			for _, p := range v.posts {
				if p.to.Person == "console/"+s.who && !p.at.Before(from) && p.at.Before(to) {
					n++
				}
			}
			return n
		}
		for _, part := range []struct {
			what     string
			from, to time.Time
		}{{"in the evening before", midnight.Add(-7 * time.Hour), midnight}, {"before they set off", midnight, s.start.Add(-30 * time.Minute)},
			{"when they were home", s.end, s.end.Add(90 * time.Minute)}} {
			if got(part.from, part.to) == 0 {
				v.fault("%s had nothing %s of %v", s.who, part.what, s.start)
			}
		}
		for _, p := range v.posts {
			ofWater := strings.Contains(p.text, "hydration") || strings.Contains(p.text, "lass of water") || strings.Contains(p.text, "Water might be nice")
			if p.to.Person == "console/"+s.who && ofWater && !p.at.Before(s.start.Add(-s.drinks)) && p.at.Before(s.end) {
				v.fault("%s reads of water at %v, and the session is at %v: %q", s.who, p.at.In(v.zone), s.start, p.text)
			}
		}
	}
}

// heard says whether somebody, or a room, was sent something like this between two
// instants.
func (v *smallVillage) heard(to string, like string, from, until time.Time) bool {
	return slices.ContainsFunc(v.posts, func(p said) bool {
		return strings.HasPrefix(p.to.Person+p.to.Room, to) && strings.Contains(p.text, like) && !p.at.Before(from) && !p.at.After(until)
	})
}

var (
	askedWho = regexp.MustCompile(`I asked \*\*(\w+)\*\* whether it is still on`)
	silentOf = regexp.MustCompile(`(?m)^- \*\*(\w+)\*\*: `)
)

// judgeWords: whoever is said to have been asked or told was.
func (v *smallVillage) judgeWords() {
	for _, p := range v.posts {
		var asked []string
		for _, m := range askedWho.FindAllStringSubmatch(p.text, -1) {
			asked = append(asked, m[1])
		}
		if strings.Contains(p.text, "I asked whether it is still on") || strings.Contains(p.text, "These have not answered whether it is still on") {
			for _, m := range silentOf.FindAllStringSubmatch(p.text, -1) {
				asked = append(asked, m[1])
			}
		}
		for _, who := range asked {
			if !v.heard("console/"+who, "/need still", p.at.Add(-36*time.Hour), p.at) {
				v.fault("%s was not asked, though %s reads so at %v: %q", who, p.to.Person, p.at.In(v.zone), p.text)
			}
		}
		if strings.Contains(p.text, "telling the moderators too") && !v.heard("console/mods", "", p.at.Add(-2*time.Minute), p.at.Add(2*time.Minute)) {
			v.fault("the moderators were not told, though %s reads so at %v: %q", p.to.Person, p.at.In(v.zone), p.text)
		}
	}
	helps := regexp.MustCompile(`(\w+) can help now`)
	for _, a := range v.answers {
		for _, m := range helps.FindAllStringSubmatch(a.text, -1) {
			if !v.heard("console/"+m[1], "", a.at, a.at.Add(5*time.Minute)) {
				v.fault("%s heard nothing of a yes at %v: %q", m[1], a.at.In(v.zone), a.text)
			}
		}
	}
}

// judgeOwed: nothing was given up, and nothing that is due was left.
func (v *smallVillage) judgeOwed() {
	err := v.store.Walk(v.t.Context(), func(d store.Doc) error {
		if d.Kind == scheduler.KindDead {
			var letter scheduler.DeadLetter
			_ = json.Unmarshal(d.Body, &letter)
			v.fault("given up: %s %s: %s", letter.Kind, letter.ID, letter.Reason)
		}
		return nil
	}, func(j store.Job) error {
		if time.Since(j.Due) > time.Minute {
			v.fault("still owed since %v: %s", j.Due, j.ID)
		}
		return nil
	})
	if err != nil {
		v.t.Error(err)
	}
}
