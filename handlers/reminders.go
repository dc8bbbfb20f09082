package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// reminder is a group's reminder in a channel.
type reminder struct {
	ID       string       `json:"id"`
	Group    string       `json:"group"`
	Room     village.Room `json:"room"`
	Schedule string       `json:"schedule"`           // a cron line, in the group's zone
	Zone     string       `json:"zone"`               // IANA
	OwnZone  bool         `json:"own_zone,omitempty"` // it does not follow the group's
	// Words are a group's own; Deck is where they are drawn from otherwise, the
	// kind lines about water when it is empty.
	Words  string `json:"words,omitempty"`
	Deck   string `json:"deck,omitempty"`
	Paused bool   `json:"paused,omitempty"`
	// From and Until bound it; zero means that it does not begin or end.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	Sent  int       `json:"sent"` // how often it was posted, which turns the wordings
	Since time.Time `json:"since"`
}

const (
	maxReminders = 50
	kindPosts    = "posts"
	// maxPosts is the most that a moderator may allow a channel a day.
	maxPosts = 24
)

func reminderKey(group, id string) store.Key {
	return store.Key{Partition: records.GroupPartition(group), Kind: kindReminder, ID: id}
}

func (rem reminder) jobID() string { return "reminder/" + rem.ID }

// posts counts what a channel got on a day of the group's zone.
type posts struct {
	Day string `json:"day"`
	N   int    `json:"n"`
}

func postsKey(group, room string) store.Key {
	return store.Key{Partition: records.GroupPartition(group), Kind: kindPosts, ID: records.KeyPart(room)}
}

// next is the first time after now at which it is due, or the zero time when
// it has ended.
func (rem reminder) next(s scheduler.Schedule, now time.Time) time.Time {
	if rem.From.After(now) {
		now = rem.From.Add(-time.Second)
	}
	next := s.Next(now)
	if !rem.Until.IsZero() && next.After(rem.Until) {
		return time.Time{}
	}
	return next
}

func (rem reminder) schedule() (scheduler.Schedule, error) {
	return scheduler.ParseSchedule(rem.Schedule, village.ZoneNamed(rem.Zone))
}

// putReminder writes a reminder together with its next firing, or without one
// while it is paused.
func (a *App) putReminder(t *records.Tx, rem reminder) error {
	t.Put(reminderKey(rem.Group, rem.ID), rem, time.Time{}, store.Entry{Name: "reminders", Score: rem.Since.UnixMilli()})
	if rem.Paused {
		t.Cancel(rem.jobID())
		return nil
	}
	s, err := rem.schedule()
	if err != nil {
		return err
	}
	next := rem.next(s, a.Now())
	if next.IsZero() {
		t.Cancel(rem.jobID())
		return nil
	}
	t.PutJob(rem.jobID(), records.KindReminderJob, next, reminderJob{Group: rem.Group, ID: rem.ID})
	return nil
}

type reminderJob struct {
	Group string `json:"group"`
	ID    string `json:"id"`
}

func (a *App) reminderAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if g.Zone == "" {
		return bot.Reply{}, &bot.Error{Code: bot.CodeNoZone, Say: "I don't know this group's time zone yet, so I can't tell when that is.", Hint: "Please set it once: /setup zone Denver."}
	}
	rem := reminder{Group: g.ID, Zone: g.Zone, Since: a.Now().UTC(), Room: village.Room{ID: r.Room.ID, Name: r.Room.Name}}
	if r.Arg("channel") == "" && r.Room.Direct {
		return bot.Reply{}, &bot.Error{Code: bot.CodeNoChannel, Say: "Please say which channel, or type this in the channel itself.", Hint: "For example: /reminders add schedule: 0 9 * * * channel: #village"}
	}
	other, err := a.editReminder(r, &rem)
	if err != nil {
		return bot.Reply{}, err
	}
	if rem.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if err := a.roomForReminder(ctx, g.ID); err != nil {
			return err
		}
		return a.putReminder(t, rem)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.reminderWithTimes(g, rem, "The reminder is set")
	m.Tone = bot.Good
	if line := "/reminders edit " + rem.ID + " schedule: " + other; other != "" && len(line) <= bot.MaxLine {
		m.Buttons = append([]bot.Button{{Label: "No: " + words.Clip(scheduler.Describe(other), 60), Command: line}}, m.Buttons...)
	}
	return bot.Say(m), nil
}

// moveTo puts a reminder into another zone; its first and last day stay.
func (rem *reminder) moveTo(zone string) {
	rem.From, rem.Until = village.SameDay(rem.From, rem.Zone, zone), village.SameDay(rem.Until, rem.Zone, zone)
	rem.Zone = zone
}

// editReminder puts what was said into a reminder. other is another way to
// read the hour, to be offered.
func (a *App) editReminder(r bot.Request, rem *reminder) (other string, err error) {
	if r.Arg("zone") != "" {
		zone, err := a.zone(r)
		if err != nil {
			return "", err
		}
		rem.moveTo(zone.String())
		rem.OwnZone = true
	}
	zone := village.ZoneNamed(rem.Zone)
	if saidWords := r.Arg("schedule"); saidWords != "" {
		rem.Schedule = saidWords
		if !looksLikeCron(saidWords) && !when.Repeats(saidWords) {
			buttons := a.everyWeek(r, "schedule", zone)
			if len(buttons) > 0 || isOneTime(saidWords, a.Now(), zone) {
				return "", &bot.Error{Code: "time-once", Say: "That is one time. A reminder here comes again and again, so please say how often.", Hint: "For example: every day at 9am, or mondays and thursdays at 6:30 pm.", Buttons: buttons}
			}
		}
		if !looksLikeCron(saidWords) && when.Repeats(saidWords) {
			repetition, err := when.RepeatIn(saidWords, a.Now(), zone)
			if err != nil {
				return "", a.misheard(r, "schedule", err, asWritten)
			}
			rem.Schedule, other = repetition.Spec, repetition.Other
			if !repetition.From.IsZero() {
				rem.From = repetition.From.UTC()
			}
			if !repetition.Until.IsZero() || repetition.Endless {
				rem.Until = repetition.Until
			}
		}
	}
	if channel := r.Arg("channel"); channel != "" {
		rem.Room = village.Room{ID: channel, Name: words.RoomName(channel)}
	}
	if r.Arg("words") != "" && r.Arg("deck") != "" {
		return "", &bot.Error{Code: "words-or-deck", Say: "Your own words, or a deck? It can say only one of them.", Hint: "Please leave one of the two out."}
	}
	if r.Arg("words") != "" {
		rem.Words, rem.Deck = r.Arg("words"), ""
	}
	if r.Arg("deck") != "" {
		rem.Words, rem.Deck = "", r.Arg("deck")
	}
	for _, day := range []struct {
		option string
		into   *time.Time
		after  int
	}{{"from", &rem.From, 0}, {"until", &rem.Until, 1}} {
		switch saidWords := r.Arg(day.option); saidWords {
		case "":
		case "always", "none", "off":
			*day.into = time.Time{}
		default:
			t, err := when.Day(saidWords, a.Now(), zone)
			if err != nil {
				return "", plainly(err)
			}
			*day.into = t.AddDate(0, 0, day.after).UTC() // the last day counts
		}
	}
	s, err := rem.schedule()
	if err != nil {
		return "", err
	}
	if rem.next(s, a.Now()).IsZero() {
		return "", &bot.Error{Code: bot.CodeNever, Say: "It would never come: there is no such time between its first and its last day.", Hint: "Please check the dates. “until: always” takes the last day off."}
	}
	return other, nil
}

// isOneTime says whether words are a time, well or badly put, that comes once.
func isOneTime(words string, now time.Time, zone *time.Location) bool {
	_, err := when.Moment(words, now, zone)
	var unclear *when.Error
	return err == nil || errors.As(err, &unclear) && unclear.Code != when.Unknown
}

// reminderEdit changes what was said, and leaves the rest.
func (a *App) reminderEdit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	if len(r.Args) < 2 {
		return bot.Reply{}, &bot.Error{Code: "nothing-to-change", Say: "What shall I change: the times, the words, the channel, the zone, or its first and last day?", Hint: "For example: /reminders edit " + r.Arg("reminder") + " schedule: every day at 10am"}
	}
	rem, err := a.withReminder(ctx, r, func(t *records.Tx, rem *reminder) error {
		if _, err := a.editReminder(r, rem); err != nil {
			return err
		}
		return a.putReminder(t, *rem)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.reminderWithTimes(g, rem, "It is changed")), nil
}

// reminderCopy sets the same reminder in another channel.
func (a *App) reminderCopy(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	from, err := a.withReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	rem := from
	rem.Room = village.Room{ID: r.Arg("channel"), Name: words.RoomName(r.Arg("channel"))}
	rem.Sent, rem.Since = 0, a.Now().UTC()
	if rem.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.GroupPartition(rem.Group), func(t *records.Tx) error {
		if err := a.roomForReminder(ctx, rem.Group); err != nil {
			return err
		}
		return a.putReminder(t, rem)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.reminderMessage(rem, "It is copied")), nil
}

// reminderTest shows a moderator what will be posted. Nobody else sees it.
func (a *App) reminderTest(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rem, err := a.withReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Messages: []bot.Message{
		{Text: "Only you see this. It will look like this in " + bot.RoomLink(bot.Room{ID: rem.Room.ID, Name: rem.Room.Name}) + ":"},
		a.reminderPost(rem),
	}}, nil
}

// reminderLimit sets how many reminders a channel gets a day.
func (a *App) reminderLimit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	most, err := strconv.Atoi(r.Arg("posts"))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("reading a number that was checked: %w", err)
	}
	if _, err := a.changeGroup(ctx, r, func(_ *records.Tx, g *village.Group) error {
		g.Posts = most
		return nil
	}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "The limit is set", Tone: bot.Good, Text: "A channel gets at most " + words.Count(most, "reminder", "reminders") + " a day from me. What is over that is left out, and the next day begins anew."}), nil
}

// reminderWithTimes is a reminder with when it comes next.
func (a *App) reminderWithTimes(g village.Group, rem reminder, title string) bot.Message {
	m := a.reminderMessage(rem, title)
	s, err := rem.schedule()
	if err != nil {
		return m
	}
	name := "The next five times"
	if rem.Paused {
		name = "The next five times, once it goes on"
	}
	times, quiet := a.nextTimes(s, rem, g.QuietHours())
	m.Fields = append(m.Fields, bot.Field{Name: name, Value: times})
	var notes []string
	if quiet {
		notes = append(notes, "What would come in the group's quiet hours ("+bot.Literal(g.QuietHours().String())+") is not posted.")
	}
	if most := g.MostPosts(); a.mostInADay(s, rem, g.QuietHours()) > most {
		notes = append(notes, "A channel gets at most "+words.Count(most, "reminder", "reminders")+" a day from me, so the later ones of a day are left out. To change that: "+bot.Literal("/reminders limit "+strconv.Itoa(min(most+2, maxPosts)))+".")
	}
	if word := content.GivesAway(rem.Words); word != "" {
		notes = append(notes, "It says “"+bot.Literal(word)+"”, and a locked screen can show that.")
	}
	if len(notes) > 0 {
		m.Fields = append(m.Fields, bot.Field{Name: "Please note", Value: strings.Join(notes, "\n\n")})
	}
	return m
}

// mostInADay is how often a reminder would come on the fullest of its next two
// days, quiet hours aside.
func (a *App) mostInADay(s scheduler.Schedule, rem reminder, quiet village.Quiet) int {
	zone := village.ZoneNamed(rem.Zone)
	perDay := map[string]int{}
	t := a.Now()
	for range 600 { // every five minutes for two days
		if t = rem.next(s, t); t.IsZero() {
			break
		}
		if !quiet.Holds(t, zone) {
			perDay[t.In(zone).Format(time.DateOnly)]++
		}
		if len(perDay) > 2 {
			break
		}
	}
	most := 0
	for _, n := range perDay {
		most = max(most, n)
	}
	return most
}

// short is an instant in few words, with its year when it is not this one.
func (a *App) short(t time.Time, zone *time.Location) string {
	day, clock, _ := strings.Cut(when.Short(t, zone), ", ")
	if year := t.In(zone).Year(); year != a.Now().In(zone).Year() {
		day += " " + strconv.Itoa(year)
	}
	return day + ", " + clock
}

// roomForReminder refuses one more than a group may have.
func (a *App) roomForReminder(ctx context.Context, group string) error {
	n, err := a.Store.Count(ctx, records.GroupPartition(group), "reminders", 0, 0)
	if err != nil {
		return err
	}
	if n >= maxReminders {
		return &bot.Error{Code: bot.CodeTooMany, Say: fmt.Sprintf("This group already has %d reminders, which is as many as I keep.", n), Hint: "Please remove one first: /reminders list."}
	}
	return nil
}

func (a *App) reminderMessage(rem reminder, title string) bot.Message {
	state := "It is on."
	toggle := bot.Button{Label: "Pause it", Command: "/reminders pause " + rem.ID}
	if rem.Paused {
		state = "It is paused."
		toggle = bot.Button{Label: "Let it go on", Command: "/reminders resume " + rem.ID}
	} else if s, err := rem.schedule(); err == nil && rem.next(s, a.Now()).IsZero() {
		state = "It has ended."
	}
	return bot.Message{Title: title,
		Text: fmt.Sprintf("%s, in %s (%s time)%s. %s", bot.Literal(words.Capital(scheduler.Describe(rem.Schedule))), bot.RoomLink(bot.Room{ID: rem.Room.ID, Name: rem.Room.Name}), bot.Literal(rem.Zone), words.Season(rem.From, rem.Until, village.ZoneNamed(rem.Zone)), state),
		Fields: []bot.Field{
			{Name: "It says", Value: a.reminderWords(rem)},
			{Name: "Code", Value: rem.ID},
		},
		Buttons: []bot.Button{toggle, {Label: "Next five times", Command: "/reminders preview " + rem.ID}, {Label: "Remove it", Command: "/reminders remove " + rem.ID, Style: bot.Danger}}}
}

// nextTimes lists the next five times at which it is posted, and says whether
// some are passed over because the group is quiet then.
func (a *App) nextTimes(s scheduler.Schedule, rem reminder, quiet village.Quiet) (times string, passed bool) {
	zone := village.ZoneNamed(rem.Zone)
	var lines []string
	t := a.Now()
	for range 300 { // a schedule of the night alone has none
		if t = rem.next(s, t); t.IsZero() || len(lines) == 5 {
			break
		}
		if quiet.Holds(t, zone) {
			passed = true
			continue
		}
		lines = append(lines, "- "+words.Moment(t, zone))
	}
	if len(lines) == 0 {
		return "None.", passed
	}
	return strings.Join(lines, "\n"), passed
}

// reminderWords are what a reminder says next, in one piece.
func (a *App) reminderWords(rem reminder) string {
	m := a.reminderPost(rem)
	if m.Title == "" {
		return m.Text
	}
	return "**" + bot.Literal(m.Title) + "**\n\n" + m.Text
}

// reminderPost is a group's own words, or the next of a deck or of our lines, so
// that the same one does not come every day. A card has a title, which is what a
// locked screen shows of it: the card itself may speak of what the group is for.
func (a *App) reminderPost(rem reminder) bot.Message {
	if rem.Words != "" {
		return bot.Message{Text: bot.Literal(rem.Words)}
	}
	if deck, ok := a.Content.Deck(rem.Deck); ok {
		var cards, drawn []string
		for _, c := range deck.Cards {
			cards = append(cards, c.ID)
		}
		for range rem.Sent % len(cards) {
			drawn = append(drawn, village.Draw(rem.ID, cards, drawn))
		}
		card, _ := deck.Card(village.Draw(rem.ID, cards, drawn))
		m := bot.Message{Title: card.Title, Text: card.Text}
		if m.Title == "" {
			m.Title = "A small idea for today"
		}
		return m
	}
	ours := []string{
		"A small thing for right now: a glass of water, if your plan for today allows it.",
		"Water time. A few sips count too. If you are to wait with drinks today, that comes first.",
		"How is your bottle doing? Fill it up when you can, unless you are to wait today.",
		"A pause, a breath, a glass of water. If you are not to drink right now, just the pause.",
	}
	return bot.Message{Text: ours[rem.Sent%len(ours)]}
}

func (a *App) reminderList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rems, err := records.List[reminder](ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: "reminders"}, kindReminder)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(rems) == 0 {
		return bot.Say(bot.Message{Text: "There are no reminders yet.", Buttons: []bot.Button{{Label: "Set one", Command: "/reminders add"}}}), nil
	}
	m := bot.Message{Title: "Reminders of this group"}
	var lines []string
	for _, rem := range rems {
		line := fmt.Sprintf("- **%s**: %s, in %s", rem.ID, bot.Literal(scheduler.Describe(rem.Schedule)), bot.RoomLink(bot.Room{ID: rem.Room.ID, Name: rem.Room.Name}))
		if rem.Paused {
			line += " (paused)"
		} else if s, err := rem.schedule(); err == nil {
			if next := rem.next(s, a.Now()); next.IsZero() {
				line += " (it has ended)"
			} else {
				line += ", next " + bot.Literal(a.short(next, village.ZoneNamed(rem.Zone)))
				if rem.OwnZone {
					line += " " + bot.Literal("("+rem.Zone+" time)")
				}
			}
		}
		lines = append(lines, line)
		if len(m.Buttons) < words.BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: "See: " + words.Clip(scheduler.Describe(rem.Schedule), 60), Command: "/reminders preview " + rem.ID})
		}
	}
	m.Text = strings.Join(lines, "\n")
	return bot.Say(m), nil
}

// withReminder changes one reminder of the group, or only reads it.
func (a *App) withReminder(ctx context.Context, r bot.Request, change func(t *records.Tx, rem *reminder) error) (reminder, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return reminder{}, err
	}
	var rem reminder
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		rem = reminder{}
		if err := t.Get(reminderKey(g.ID, r.Arg("reminder")), &rem); err != nil {
			return err
		}
		if rem.ID == "" {
			return &bot.Error{Code: "no-such-reminder", Say: "I can't find that reminder in this group.", Hint: "These are the ones there are:", Buttons: []bot.Button{{Label: "All reminders", Command: "/reminders list"}}}
		}
		if change == nil {
			return nil
		}
		return change(t, &rem)
	})
	return rem, err
}

func (a *App) reminderPreview(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rem, err := a.withReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.reminderWithTimes(g, rem, "A reminder")), nil
}

func (a *App) reminderPause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.reminderToggle(ctx, r, true, "It is paused")
}

func (a *App) reminderResume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.reminderToggle(ctx, r, false, "It goes on")
}

func (a *App) reminderToggle(ctx context.Context, r bot.Request, paused bool, title string) (bot.Reply, error) {
	rem, err := a.withReminder(ctx, r, func(t *records.Tx, rem *reminder) error {
		if rem.Paused == paused {
			return nil
		}
		rem.Paused = paused
		return a.putReminder(t, *rem)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.reminderMessage(rem, title)), nil
}

func (a *App) reminderRemove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rem, err := a.withReminder(ctx, r, func(t *records.Tx, rem *reminder) error {
		t.Remove(reminderKey(rem.Group, rem.ID))
		t.Cancel(rem.jobID())
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Removed", Text: "The reminder " + rem.ID + " is gone. Nothing more is sent."}), nil
}

// prepareReminder posts a reminder and plans the next in the same commit. When
// it is too late for this one, the group is quiet, or the channel has had as
// many as it takes today, only the next is planned.
func (a *App) prepareReminder(t *records.Tx, job due, j reminderJob) (scheduler.Delivery, error) {
	var rem reminder
	if err := t.Get(reminderKey(j.Group, j.ID), &rem); err != nil {
		return scheduler.Delivery{}, err
	}
	if rem.ID == "" || rem.Paused {
		return scheduler.Delivery{}, nil
	}
	s, err := rem.schedule()
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if at := scheduler.Aim(s, job.Due); at.After(a.Now()) && !strings.HasPrefix(rem.Schedule, "@every") { // the zone has other rules by now
		return job.again(t, at, j), nil
	}
	d := scheduler.Delivery{}
	pass := job.late
	if !pass {
		if pass, err = a.passOver(t, rem); err != nil {
			return d, err
		}
	}
	if !pass {
		d.Out = &bot.Outgoing{To: bot.Address{Room: rem.Room.ID}, Message: a.reminderPost(rem)}
		rem.Sent++
	}
	if err := a.putReminder(t, rem); err != nil {
		return scheduler.Delivery{}, err
	}
	d.Then = t.Finish()
	return d, nil
}

// passOver says whether a reminder is left out this time, and counts it where
// it is not.
func (a *App) passOver(t *records.Tx, rem reminder) (bool, error) {
	var g village.Group
	if _, err := a.Read(t.Ctx, records.GroupKey(rem.Group), &g); err != nil {
		return false, err
	}
	now := a.Now()
	zone := village.ZoneNamed(rem.Zone)
	if g.QuietHours().Holds(now, zone) || !rem.Until.IsZero() && now.After(rem.Until) {
		return true, nil
	}
	key := postsKey(rem.Group, rem.Room.ID)
	var p posts
	if err := t.Get(key, &p); err != nil {
		return false, err
	}
	if today := now.In(zone).Format(time.DateOnly); p.Day != today {
		p = posts{Day: today}
	}
	if p.N >= g.MostPosts() {
		return true, nil
	}
	p.N++
	t.Put(key, p, now.Add(48*time.Hour))
	return false, nil
}

func (a *App) completeReminder(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	rems, err := records.List[reminder](ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: "reminders"}, kindReminder)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, rem := range rems {
		label := words.Clip(rem.ID+" "+scheduler.Describe(rem.Schedule)+" in #"+rem.Room.Name, 100)
		if strings.Contains(strings.ToLower(label), strings.ToLower(typed)) {
			picks = append(picks, bot.Pick{Label: label, Value: rem.ID})
		}
	}
	return picks
}
