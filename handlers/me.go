package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
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
	if err := a.moveOwn(ctx, r.From.ID, zone.String()); err != nil {
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
	case records.KindCourse, records.KindDiary, records.KindOwnReminder, records.KindPreferences:
		return ownLine(d.Doc)
	case scheduler.KindDead:
		return words.DeadLine, nil
	}
	return words.UnknownLine, nil
}

// known is what is kept about whoever asks, who may be in no group.
func (a *App) known(ctx context.Context, r bot.Request) (village.Member, error) {
	if _, err := a.group(ctx, r); err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return village.Member{}, err
	}
	return a.Member(ctx, r.From.ID)
}

// about finds every document about a person, in all their groups.
func (a *App) about(ctx context.Context, r bot.Request) (village.Member, []kept, error) {
	m, err := a.known(ctx, r)
	if err != nil {
		return m, nil, err
	}
	docs, err := a.About(ctx, aboutPeople(), r.From.ID, append([]string{""}, m.Groups...)...)
	return m, docs, err
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
	m, err := a.known(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.Forget(ctx, aboutPeople(), r.From.ID, m.Groups...); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Everything about you is deleted", Text: "If you use me again, I start from nothing. " + whatStays + " Take good care of yourself."}), nil
}

// aboutPeople are all kinds of document about people.
func aboutPeople() []records.Kept {
	return append(records.AboutPeople(),
		records.Kept{Kind: records.KindOwnReminder, Index: records.PersonIndex},
		records.Kept{Kind: scheduler.KindDead, Index: deadIndex})
}
