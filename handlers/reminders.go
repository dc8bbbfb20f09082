package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/scheduler"
	"village/store"
	"village/village"
	"village/village/when"
)

// reminder is a group's reminder in a channel.
type reminder struct {
	ID       string       `json:"id"`
	Group    string       `json:"group"`
	Room     village.Room `json:"room"`
	Schedule string       `json:"schedule"` // a cron line, in the group's zone
	Zone     string       `json:"zone"`     // IANA
	Words    string       `json:"words,omitempty"`
	Paused   bool         `json:"paused,omitempty"`
	Sent     int          `json:"sent"` // how often it was posted, which turns the wordings
	Since    time.Time    `json:"since"`
}

const (
	// reminderLate is how late a channel reminder may be and still be posted;
	// after that the next one is soon enough.
	reminderLate = 15 * time.Minute
	maxReminders = 50
)

func reminderKey(group, id string) store.Key {
	return store.Key{Partition: groupPartition(group), Kind: kindReminder, ID: id}
}

func (rem reminder) jobID() string { return "reminder/" + rem.ID }

func (rem reminder) schedule() (scheduler.Schedule, error) {
	return scheduler.ParseSchedule(rem.Schedule, zoneNamed(rem.Zone))
}

// putReminder writes a reminder together with its next firing, or without one
// while it is paused.
func (a *App) putReminder(t *tx, rem reminder) error {
	t.put(reminderKey(rem.Group, rem.ID), rem, time.Time{}, store.Entry{Name: "reminders", Score: rem.Since.UnixMilli()})
	if rem.Paused {
		t.cancel(rem.jobID())
		return nil
	}
	s, err := rem.schedule()
	if err != nil {
		return err
	}
	next := s.Next(a.Now())
	t.job(rem.jobID(), kindReminderJob, next, reminderJob{Group: rem.Group, ID: rem.ID})
	return nil
}

type reminderJob struct {
	Group string `json:"group"`
	ID    string `json:"id"`
}

func (a *App) reminderAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if g.Zone == "" {
		return bot.Reply{}, &bot.Error{Code: "no-zone", Say: "I don't know this group's time zone yet, so I can't tell when that is.", Hint: "Please set it once: /setup zone Denver."}
	}
	rem := reminder{Group: g.ID, Schedule: r.Arg("schedule"), Zone: g.Zone, Words: r.Arg("words"), Since: a.Now().UTC(), Room: village.Room{ID: r.Room.ID, Name: r.Room.Name}}
	if channel := r.Arg("channel"); channel != "" {
		rem.Room = village.Room{ID: channel, Name: roomName(channel)}
	} else if r.Room.Direct {
		return bot.Reply{}, &bot.Error{Code: "no-channel", Say: "Please say which channel, or type this in the channel itself.", Hint: "For example: /reminders add schedule: 0 9 * * * channel: #village"}
	}
	s, err := rem.schedule()
	if err != nil {
		return bot.Reply{}, err
	}
	if rem.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	err = a.change(ctx, groupPartition(g.ID), func(t *tx) error {
		n, err := a.Store.Count(ctx, groupPartition(g.ID), "reminders", 0, 0)
		if err != nil {
			return err
		}
		if n >= maxReminders {
			return &bot.Error{Code: "too-many", Say: fmt.Sprintf("This group already has %d reminders, which is as many as I keep.", n), Hint: "Please remove one first: /reminders list."}
		}
		return a.putReminder(t, rem)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.reminderMessage(rem, "The reminder is set")
	m.Tone = bot.Good
	m.Fields = append(m.Fields, bot.Field{Name: "The next five times", Value: a.nextTimes(s, rem)})
	return bot.Say(m), nil
}

func roomName(id string) string { return bot.Account(id) }

func (a *App) reminderMessage(rem reminder, title string) bot.Message {
	state := "It is on."
	toggle := bot.Button{Label: "Pause it", Command: "/reminders pause " + rem.ID}
	if rem.Paused {
		state = "It is paused."
		toggle = bot.Button{Label: "Let it go on", Command: "/reminders resume " + rem.ID}
	}
	return bot.Message{Title: title,
		Text: fmt.Sprintf("%s, in %s (%s time). %s", capital(scheduler.Describe(rem.Schedule)), bot.RoomLink(bot.Room{ID: rem.Room.ID, Name: rem.Room.Name}), bot.Literal(rem.Zone), state),
		Fields: []bot.Field{
			{Name: "It says", Value: bot.Literal(a.reminderWords(rem))},
			{Name: "Code", Value: rem.ID},
		},
		Buttons: []bot.Button{toggle, {Label: "Next five times", Command: "/reminders preview " + rem.ID}, {Label: "Remove it", Command: "/reminders remove " + rem.ID, Style: bot.Danger}}}
}

func (a *App) nextTimes(s scheduler.Schedule, rem reminder) string {
	zone := zoneNamed(rem.Zone)
	var lines []string
	for _, t := range scheduler.Preview(s, a.Now(), 5) {
		lines = append(lines, "- "+moment(t, zone))
	}
	return strings.Join(lines, "\n")
}

// reminderWords are a group's own, or the next of ours, so that the same line
// does not come every day.
func (a *App) reminderWords(rem reminder) string {
	if rem.Words != "" {
		return rem.Words
	}
	ours := []string{
		"A small thing for right now: a glass of water, if your clinic's rules allow it today.",
		"Water time. A few sips count too. If you are fasting, your clinic's rule comes first.",
		"How is your bottle doing? Fill it up when you can, within your clinic's rules.",
		"A pause, a breath, a glass of water. If you are not to drink right now, just the pause.",
	}
	return ours[rem.Sent%len(ours)]
}

func (a *App) reminderList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rems, err := list[reminder](ctx, a, store.Query{Partition: groupPartition(g.ID), Index: "reminders"}, kindReminder)
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
			line += ", next " + bot.Literal(when.Short(s.Next(a.Now()), zoneNamed(rem.Zone)))
		}
		lines = append(lines, line)
		if len(m.Buttons) < boardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: "See " + rem.ID, Command: "/reminders preview " + rem.ID})
		}
	}
	m.Text = strings.Join(lines, "\n")
	return bot.Say(m), nil
}

// withReminder changes one reminder of the group, or only reads it.
func (a *App) withReminder(ctx context.Context, r bot.Request, change func(t *tx, rem *reminder) error) (reminder, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return reminder{}, err
	}
	var rem reminder
	err = a.change(ctx, groupPartition(g.ID), func(t *tx) error {
		rem = reminder{}
		if err := t.get(reminderKey(g.ID, r.Arg("reminder")), &rem); err != nil {
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
	s, err := rem.schedule()
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.reminderMessage(rem, "A reminder")
	name := "The next five times"
	if rem.Paused {
		name = "The next five times, once it goes on"
	}
	m.Fields = append(m.Fields, bot.Field{Name: name, Value: a.nextTimes(s, rem)})
	return bot.Say(m), nil
}

func (a *App) reminderPause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.reminderToggle(ctx, r, true, "It is paused")
}

func (a *App) reminderResume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.reminderToggle(ctx, r, false, "It goes on")
}

func (a *App) reminderToggle(ctx context.Context, r bot.Request, paused bool, title string) (bot.Reply, error) {
	rem, err := a.withReminder(ctx, r, func(t *tx, rem *reminder) error {
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
	rem, err := a.withReminder(ctx, r, func(t *tx, rem *reminder) error {
		t.remove(reminderKey(rem.Group, rem.ID))
		t.cancel(rem.jobID())
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Removed", Text: "The reminder " + rem.ID + " is gone. Nothing more is sent."}), nil
}

// prepareReminder posts a reminder and plans the next in the same commit. When
// it is too late for this one, only the next is planned.
func (a *App) prepareReminder(ctx context.Context, job store.Job, late bool) (scheduler.Delivery, error) {
	var j reminderJob
	if err := json.Unmarshal(job.Body, &j); err != nil {
		return scheduler.Delivery{}, fmt.Errorf("reading a reminder's job: %w", err)
	}
	t := &tx{ctx: ctx, app: a, change: store.Change{Partition: job.Partition}, revs: map[store.Key]int64{}}
	var rem reminder
	if err := t.get(reminderKey(j.Group, j.ID), &rem); err != nil {
		return scheduler.Delivery{}, err
	}
	if rem.ID == "" || rem.Paused {
		return scheduler.Delivery{}, nil
	}
	d := scheduler.Delivery{}
	if !late {
		d.Out = &bot.Outgoing{To: bot.Address{Room: rem.Room.ID}, Message: bot.Message{Text: bot.Literal(a.reminderWords(rem))}}
		rem.Sent++
	}
	if err := a.putReminder(t, rem); err != nil {
		return scheduler.Delivery{}, err
	}
	d.Then = t.finish()
	return d, nil
}

func (a *App) completeReminder(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	rems, err := list[reminder](ctx, a, store.Query{Partition: groupPartition(g.ID), Index: "reminders"}, kindReminder)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, rem := range rems {
		label := clip(rem.ID+" "+scheduler.Describe(rem.Schedule)+" in #"+rem.Room.Name, 100)
		if strings.Contains(strings.ToLower(label), strings.ToLower(typed)) {
			picks = append(picks, bot.Pick{Label: label, Value: rem.ID})
		}
	}
	return picks
}
