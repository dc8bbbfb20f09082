package handlers

import (
	"context"
	"fmt"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// prepareNotice says what is owed now, by what is true now.
func (a *App) prepareNotice(t *records.Tx, job due, j village.Notice) (scheduler.Delivery, error) {
	ctx := t.Ctx
	if j.What.ByClock() {
		return scheduler.Delivery{}, a.needByClock(ctx, j)
	}
	if j.To.Person == village.Moderators {
		return a.toModerators(t, job, j)
	}
	var n village.Need
	if rev, err := a.Read(ctx, records.NeedKey(j.Group, j.Need), &n); err != nil || rev == 0 {
		return scheduler.Delivery{}, err
	}
	m, err := a.owed(ctx, j, n)
	if err == nil && m == nil && j.What == village.OwedMoved {
		return a.prepareChange(t, j)
	}
	if err != nil || m == nil {
		return scheduler.Delivery{}, err
	}
	if j.To.Person != "" {
		until, err := a.SilentUntil(ctx, j.To.Person)
		if err != nil {
			return scheduler.Delivery{}, err
		}
		if !until.IsZero() { // a session of theirs goes on: they hear it when it is over, as it is true then
			return a.afterSession(ctx, job.Job, j, until)
		}
	}
	if j.What == village.OwedMoved {
		return a.prepareChange(t, j)
	}
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: *m}}
	switch {
	case j.Council:
		if err := a.relay(ctx, job.Job, j, &d); err != nil {
			return scheduler.Delivery{}, err
		}
		if j.To.Person != "" {
			d.Out.Message.Notify = []string{j.To.Person}
			if j.Instead != "" {
				d.Out.Message.Text += words.InsteadOf(j)
			}
		}
	case j.What == village.OwedCard:
		if err := a.card(t, j, n, &d); err != nil {
			return scheduler.Delivery{}, err
		}
		d.Unreachable = func(context.Context, error) (store.Change, error) { return a.unposted(job.Job, j, n), nil }
	}
	return d, nil
}

// needByClock changes a need because of the time. It is a change of its own:
// the job that asked for it is settled after, and asking twice changes nothing.
func (a *App) needByClock(ctx context.Context, j village.Notice) error {
	return a.Change(ctx, records.GroupPartition(j.Group), func(t *records.Tx) error {
		var n village.Need
		var g village.Group
		if err := t.Get(records.NeedKey(j.Group, j.Need), &n); err != nil || n.ID == "" {
			return err
		}
		if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
			return err
		}
		after, owed, err := a.step(t, g, n, j)
		if err != nil {
			return err
		}
		if len(owed) > 0 {
			a.PutNeed(t, g, after, owed)
		}
		return nil
	})
}

// step is the rule that a job of the clock stands for.
func (a *App) step(t *records.Tx, g village.Group, n village.Need, j village.Notice) (village.Need, []village.Owed, error) {
	switch j.What {
	case village.OwedOver:
		after, owed := n.Over(a.Now())
		return after, owed, nil
	case village.OwedLadder:
		return a.Climb(t, g, n)
	case village.OwedSilent:
		after, owed := n.Silence(j.To.Person, a.Busy(t, g.ID, n), a.Now())
		return after, owed, nil
	case village.OwedHomeCheck:
		after, owed := n.HomeSilence(j.To.Person, a.Now())
		return after, owed, nil
	}
	return n, nil, fmt.Errorf("nobody knows what to do about %q", j.What)
}

// owed is the message of a promise, or nil when it means nothing any more.
func (a *App) owed(ctx context.Context, j village.Notice, n village.Need) (*bot.Message, error) {
	zone := village.ZoneNamed(n.Zone)
	w := n.Kind.Words()
	what := fmt.Sprintf("**%s** on **%s**", w.Noun, words.Span(n, zone))
	about := bot.Literal(j.About.Name)
	switch j.About.ID {
	case n.Member.ID:
		about = bot.Literal(n.NameFor(j.To.Person))
	case village.Forgotten().ID:
		about = "Your helper"
	}
	over := n.Why != ""
	switch j.What {
	case village.OwedCard:
		m := words.NeedCard(n, zone, "")
		return &m, nil
	case village.OwedReopened:
		if n.State() != village.Open || !a.Now().Before(n.End) {
			return nil, nil
		}
		lacks := "needs somebody again"
		if len(n.Claims) > 0 {
			lacks = "has somebody, and one more would help"
		}
		return &bot.Message{Title: "Open again", Tone: bot.Asking,
			Text:    fmt.Sprintf("Plans changed: %s, %s, "+lacks+". Can you?", what, bot.Literal(n.Where())),
			Buttons: []bot.Button{words.ClaimButton(n)}, Footer: words.Shared(n)}, nil
	case village.OwedRaised, village.OwedAsk, village.OwedUrgent:
		return a.laddered(j, n, what), nil
	case village.OwedYes:
		if n.Unsure(j.About.ID) {
			return &bot.Message{Title: "Somebody is down for it", Tone: bot.Good, Notify: []string{j.To.Person},
				Text:    fmt.Sprintf("A moderator has put **%s** down: %s. I have asked them whether it suits them, and tell you what they say.", about, what),
				Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}, nil
		}
		return words.SaidYes(n, j.About.ID, about, what, j.To.Person), nil
	case village.OwedThanks, village.OwedReminder:
		if over || !n.HelpedBy(j.To.Person) || n.Waits(j.To.Person) {
			return nil, nil
		}
		return a.forHelper(ctx, j, n, what)
	case village.OwedStepBack:
		if over {
			return nil, nil
		}
		text := fmt.Sprintf("**%s** can't make it after all: %s. I have asked the village again and tell you as soon as somebody says yes.", about, what)
		switch {
		case n.State() == village.Covered:
			text = fmt.Sprintf("**%s** can't make it after all: %s. Somebody else is already down for it.", about, what)
		case len(n.Claims) > 0:
			text = fmt.Sprintf("**%s** can't make it after all: %s. I go on asking the village. Still down for it: %s.", about, what, words.Names(n.Claims))
		}
		text += words.CloseNow(n, a.Now())
		return &bot.Message{Title: "A change of plans", Tone: bot.Asking, Text: text, Notify: []string{j.To.Person},
			Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}, nil
	case village.OwedReleased:
		return &bot.Message{Text: fmt.Sprintf("You are free again: %s. Thank you for telling us.", what)}, nil
	case village.OwedMoved:
		return a.changeMessage(ctx, j, n)
	case village.OwedCancelled:
		if h := n.HeardBy(j.To.Person, j.GuestOf()); h != nil { // by the time that they know
			n.Start, n.End = h.Start, h.End
			what = fmt.Sprintf("**%s** on **%s**", w.Noun, words.Span(n, zone))
		}
		if j.GuestOf() != "" {
			return &bot.Message{Title: "Not needed any more", Text: fmt.Sprintf("%s doesn't need %s any more. I can't reach **%s** here: please tell them that they are free.", bot.Literal(n.NameFor(j.To.Person)), what, about)}, nil
		}
		if j.To.Person == n.Member.ID {
			return &bot.Message{Title: "Cancelled by a moderator", Text: fmt.Sprintf("Your request was taken down: %s. If that is a mistake, please ask a moderator, or ask again.", what),
				Buttons: []bot.Button{{Label: "Ask again", Command: "/ask " + string(n.Kind)}}}, nil
		}
		if n.Hidden && !n.MaySee(j.To.Person) || j.About == village.Forgotten() {
			about = "Whoever asked"
		}
		return &bot.Message{Title: "Not needed any more", Text: fmt.Sprintf("%s doesn't need %s any more. You are free. Thank you for being there.", about, what)}, nil
	case village.OwedUncovered:
		if over || n.State() != village.Open || !a.Now().Before(n.Start) {
			return nil, nil
		}
		m := words.NobodyYet(n, what, zone, a.Now())
		m.Notify = []string{j.To.Person}
		return &m, nil
	case village.OwedSignedUp, village.OwedThankYou, village.OwedLapsed, village.OwedNoReply:
		return a.changed(j, n, what), nil
	case village.OwedUnheard, village.OwedUnposted:
		return a.notHeard(j, n, what), nil
	case village.OwedApprove, village.OwedLastYes, village.OwedWaiting, village.OwedDeclined:
		return a.aboutChildren(j, n, what), nil
	case village.OwedStandby, village.OwedPromoted, village.OwedStepIn, village.OwedReplaced, village.OwedStandIn, village.OwedStill,
		village.OwedSure, village.OwedSettled, village.OwedNoAnswer, village.OwedHomeAsk, village.OwedHome, village.OwedNoWord:
		return a.onTheWay(ctx, j, n, what)
	}
	return nil, fmt.Errorf("nobody knows how to say %q", j.What)
}

// forHelper is what a helper keeps: what, when, where, and the private details.
func (a *App) forHelper(ctx context.Context, j village.Notice, n village.Need, what string) (*bot.Message, error) {
	m := bot.Message{Title: "Thank you for saying yes", Tone: bot.Good, Buttons: words.HelperButtons(n, j.To.Person), Notify: []string{j.To.Person},
		Text: fmt.Sprintf("For %s: %s.", bot.Literal(n.NameFor(j.To.Person)), what)}
	if j.What == village.OwedReminder {
		if !a.Now().Before(n.End) {
			return nil, nil
		}
		m.Title = "It is " + words.DayWord(a.Now(), n.Start, village.ZoneNamed(n.Zone))
	}
	// what is needed on the way comes with the reminder, or with the yes that
	// came after it
	onTheWay := village.SetsOut(n, a.Now()) || n.Kind.Travels() && j.What == village.OwedReminder
	if onTheWay {
		m.Text += "\n\n" + words.RideTips(n)
		m.Buttons = append(words.HomeButtons(n)[:2], m.Buttons...)
	}
	m.Fields = words.NeedFields(n)
	if n.Details && n.MaySee(j.To.Person) {
		saidWords, err := a.details(ctx, j.Group, n)
		if err != nil {
			saidWords = "I can't open the private details. Please ask " + n.Member.Name + " directly."
		}
		if saidWords != "" {
			m.Fields = append(m.Fields, bot.Field{Name: "Just for you", Value: bot.Literal(saidWords)})
			m.Footer = "Please keep the private part to yourself. I wipe it " + n.WipedAfter() + " after."
		}
	}
	if onTheWay {
		m.Footer = strings.TrimSpace(m.Footer + " " + words.NoEmergency)
	}
	return &m, nil
}
