package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// changeMe changes what is kept about the person who asks.
func (a *App) changeMe(ctx context.Context, r bot.Request, change func(m *village.Member)) error {
	if _, err := a.group(ctx, r); err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return err
	}
	return a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		m := village.Member{}
		if err := t.Get(records.MemberKey(r.From.ID), &m); err != nil {
			return err
		}
		m.Person = who(r)
		change(&m)
		t.Put(records.MemberKey(r.From.ID), m, time.Time{})
		return nil
	})
}

func (a *App) meZone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.zone(r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.changeMe(ctx, r, func(m *village.Member) { m.Zone = zone.String() }); err != nil {
		return bot.Reply{}, err
	}
	if err := a.moveNotes(ctx, r.From.ID, zone.String()); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Your time zone is set", Tone: bot.Good,
		Text: fmt.Sprintf("It is %s. For you it is now %s.", bot.Literal(zone.String()), bot.Literal(when.Full(a.Now(), zone)))}), nil
}

func (a *App) meCountry(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.changeMe(ctx, r, func(m *village.Member) { m.Country = r.Arg("country") }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.lines(r.Arg("country"))), nil
}

// privacyShow lists everything that is kept about the person who asks.
func (a *App) privacyShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, docs, err := a.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	if m.ID != "" {
		lines = append(lines, "- "+words.MemberLine(m))
	}
	for _, d := range docs {
		line, err := keptLine(d, r.From.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		lines = append(lines, "- "+line)
	}
	msg := bot.Message{Title: "What I keep about you", Text: strings.Join(lines, "\n"),
		Buttons: []bot.Button{{Label: "All of it, to keep", Command: "/privacy export"}, {Label: "Delete everything", Command: "/privacy delete", Style: bot.Danger}}}
	if len(lines) == 0 {
		msg.Text, msg.Buttons = "Nothing.", nil
	}
	msg.Text += "\n\nWhat you ask me, and what I answer, is never kept and never logged."
	return bot.Say(msg), nil
}

// keptLine says what a document about a person is, in one line.
func keptLine(d kept, person string) (string, error) {
	switch d.Kind {
	case records.KindNeed:
		var n village.Need
		if err := json.Unmarshal(d.Body, &n); err != nil {
			return "", fmt.Errorf("reading a need: %w", err)
		}
		return words.NeedKept(n, person), nil
	case records.KindDetails:
		return detailsLine(d, ""), nil
	case records.KindHelper:
		return helperLine(d)
	case records.KindTrust:
		return words.TrustLine, nil
	case records.KindModerator:
		return words.ModeratorLine, nil
	case records.KindCourse, records.KindDiary, kindNote, records.KindPreferences:
		return ownLine(d.Doc)
	case scheduler.KindDead:
		return words.DeadLine, nil
	}
	return words.UnknownLine, nil
}

// about finds every document about a person, in all their groups.
func (a *App) about(ctx context.Context, r bot.Request) (village.Member, []kept, error) {
	if _, err := a.group(ctx, r); err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return village.Member{}, nil, err
	}
	m, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return m, nil, err
	}
	var docs []kept
	for _, group := range append([]string{""}, m.Groups...) {
		partition := records.MemberPartition(r.From.ID)
		if group != "" {
			partition = records.GroupPartition(group)
		}
		for _, index := range []string{records.PersonIndex(r.From.ID), deadIndex(r.From.ID)} {
			found, err := a.All(ctx, store.Query{Partition: partition, Index: index})
			if err != nil {
				return m, nil, err
			}
			for _, d := range found {
				docs = append(docs, kept{d, group})
			}
		}
	}
	return m, docs, nil
}

// whatStays is said to everybody alike, so that it tells nobody whether there
// is a no to their own help.
const whatStays = "To keep everybody safe, one thing can stay, with no name on it: a quiet “no” that a member or a moderator once said to somebody's help."

// privacyDelete removes everything about the person who asks. Rides that are
// still ahead end as if they had cancelled or stepped back, so that nobody is
// left waiting.
func (a *App) privacyDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("sure") != "yes" {
		return bot.Say(bot.Message{Title: "Delete everything about you?", Tone: bot.Asking,
			Text: "I then forget your name, your time zone, your requests and what you said yes to. Requests that are still ahead are cancelled, and what you said yes to is open again; the people concerned are told. This can't be undone.\n\n" + whatStays,
			Buttons: []bot.Button{
				{Label: "Yes, delete it all", Command: "/privacy delete yes", Style: bot.Danger},
				{Label: "Keep it", Command: "/privacy show"}}}), nil
	}
	m, _, err := a.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, g := range m.Groups {
		if err := a.forget(ctx, g, r.From.ID); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := a.forgetOwn(ctx, r.From.ID); err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		if err := t.Get(records.MemberKey(r.From.ID), &village.Member{}); err != nil {
			return err
		}
		t.Remove(records.MemberKey(r.From.ID))
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Everything about you is deleted", Text: "If you use me again, I start from nothing. " + whatStays + " Take good care of yourself."}), nil
}

// forgottenIf is a person, or nobody when it is this one.
func forgottenIf(p village.Person, id string) village.Person {
	if p.ID == id {
		return village.Forgotten()
	}
	return p
}

// forget removes a person from a group: first what is still ahead ends by its
// rules, then every document and promise that names them goes or names nobody.
func (a *App) forget(ctx context.Context, group, person string) error {
	docs, err := a.All(ctx, store.Query{Partition: records.GroupPartition(group), Index: records.PersonIndex(person)})
	if err != nil {
		return err
	}
	for _, d := range docs {
		switch d.Kind {
		case records.KindNeed:
			if err := a.forgetNeed(ctx, group, d.ID, person); err != nil {
				return err
			}
		case records.KindCourse:
			if err := a.ForgetCourse(ctx, group, d.ID); err != nil {
				return err
			}
		default:
			if err := a.RemoveDoc(ctx, d.Key); err != nil {
				return err
			}
		}
	}
	dead, err := a.All(ctx, store.Query{Partition: records.GroupPartition(group), Index: deadIndex(person)})
	if err != nil {
		return err
	}
	for _, d := range dead {
		if err := a.RemoveDoc(ctx, d.Key); err != nil {
			return err
		}
	}
	return a.forgetPromises(ctx, group, person)
}

func (a *App) forgetNeed(ctx context.Context, group, id, person string) error {
	return a.Change(ctx, records.GroupPartition(group), func(t *records.Tx) error {
		var n village.Need
		var g village.Group
		if err := t.Get(records.NeedKey(group, id), &n); err != nil || n.ID == "" {
			return err
		}
		if err := t.Get(records.GroupKey(group), &g); err != nil {
			return err
		}
		var owed []village.Owed
		if n.Member.ID == person {
			if after, o, err := n.Cancel(person, false, a.Now()); err == nil {
				n, owed = after, o
			}
			n.Member = village.Forgotten()
			n.Claims = slices.Clone(n.Claims)
			for i := range n.Claims { // whom they named themselves
				if village.IsGuest(n.Claims[i].Helper.ID) {
					n.Claims[i].Helper = village.Forgotten()
				}
				n.Claims[i].By, n.Claims[i].Heard = forgottenIf(n.Claims[i].By, person), nil
			}
			n.Backups = slices.Clone(n.Backups)
			for i := range n.Backups {
				n.Backups[i].Heard = nil
			}
			n.From, n.To, n.Note, n.Details, n.Heard = "somewhere", "", "", false, nil
		} else {
			if after, o, err := n.Release(person, a.Busy(t, group, n), a.Now()); err == nil {
				n, owed = after, o
			} else if n.Kind.Travels() { // they can't be asked any more whether all are home
				n, owed = n.HomeSilence(person, a.Now())
			}
			after, o := n.LeftBehind(person, a.Now())
			n, owed = after, append(owed, o...)
			n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
			for _, claims := range [][]village.Claim{n.Claims, n.Backups} {
				for i := range claims {
					if claims[i].Helper.ID == person {
						claims[i].Helper = village.Forgotten()
					}
					claims[i].By = forgottenIf(claims[i].By, person)
				}
			}
		}
		// what is owed to others no longer says about whom, and nothing more
		// is owed to the one who goes
		owed = slices.DeleteFunc(owed, func(o village.Owed) bool { return o.To == person && !o.Withdrawn })
		for i := range owed {
			if owed[i].About.ID == person {
				owed[i].About = village.Forgotten()
			}
		}
		if len(owed) == 0 {
			owed = []village.Owed{{What: village.OwedCard, Due: a.Now(), Standing: true}}
		}
		a.PutNeed(t, g, n, owed)
		return nil
	})
}

// forgetPromises takes back what is still owed to a person, and keeps what is
// owed to others about them without their name.
func (a *App) forgetPromises(ctx context.Context, group, person string) error {
	var jobs []store.Job
	err := a.Store.Walk(ctx, func(store.Doc) error { return nil }, func(job store.Job) error {
		if job.Partition == records.GroupPartition(group) {
			jobs = append(jobs, job)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("listing what is owed: %w", err)
	}
	return a.Change(ctx, records.GroupPartition(group), func(t *records.Tx) error {
		for _, job := range jobs {
			var j village.Notice
			if job.Kind != records.KindNeedJob || json.Unmarshal(job.Body, &j) != nil {
				continue
			}
			named := j.About.ID == person || slices.Contains(j.Next, person)
			j.Next = slices.DeleteFunc(j.Next, func(id string) bool { return id == person })
			if j.About.ID == person {
				j.About = village.Forgotten()
			}
			switch {
			case j.To.Person == person && len(j.Next) > 0: // it goes on to the other moderators
				j.To, j.Next = village.Address{Person: j.Next[0]}, j.Next[1:]
				t.PutJob(job.ID, job.Kind, job.Due, j)
			case j.To.Person == person:
				t.Cancel(job.ID)
			case named:
				t.PutJob(job.ID, job.Kind, job.Due, j)
			}
		}
		return nil
	})
}
