package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
)

// needMove changes when a need is. Whoever said yes is asked again.
func (a *App) needMove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.ZoneOr(ctx, g, r.From.ID, n)
	if err != nil {
		return bot.Reply{}, err
	}
	start, err := a.moment(r, "when", zone)
	if err != nil {
		return bot.Reply{}, err
	}
	end, err := a.until(r, start, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	_, n, err = a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed, err := n.Move(r.From.ID, r.From.Moderator, start, end, a.Now())
		if err != nil || len(owed) == 0 || !n.Details {
			return after, owed, err
		}
		// the private details are wiped after the new day
		var d records.SealedDetails
		key := records.DetailsKey(g.ID, n.ID)
		if err := t.Get(key, &d); err != nil {
			return n, nil, err
		}
		if t.Has(key) {
			t.Put(key, d, after.DetailsUntil(), store.Entry{Name: records.PersonIndex(n.Member.ID), Score: after.Start.UnixMilli()})
		}
		return after, owed, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("%s is on **%s** now.", words.Capital(n.Kind.Words().Noun), words.Span(n, zone))
	if said := whoIsAsked(r, n); said != "" {
		text += " " + said
	}
	buttons := append([]bot.Button{{Label: "See it", Command: "/need show " + n.ID}}, words.GuestButtons(n, r.From.ID)...)
	return bot.Say(bot.Message{Title: "Moved", Tone: bot.Good, Text: text, Buttons: buttons}), nil
}

// maxGuestName is how long the name of somebody without an account may be.
const maxGuestName = village.MaxGuest

func (a *App) needThanks(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.Thank(r.From.ID, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	var saidWords []string
	var told, through []village.Claim
	for _, c := range n.Helpers() {
		switch {
		case !village.IsGuest(c.Helper.ID):
			told = append(told, c)
		case c.AnswersFor(n) != r.From.ID:
			through = append(through, c)
		}
	}
	if len(told) > 0 {
		saidWords = append(saidWords, "I have passed your thanks on to "+words.PlainNames(told)+".")
	}
	if len(through) > 0 {
		saidWords = append(saidWords, "I have asked whoever signed "+words.PlainNames(through)+" up to pass your thanks on.")
	}
	if said := words.TellGuests(n, r.From.ID); said != "" {
		saidWords = append(saidWords, said)
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: strings.Join(saidWords, " "), Tone: bot.Good}}}, nil
}

// fillForm asks who is to be signed up, an account or a name.
func (a *App) fillForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, _, err := n.Fill(who(r), r.From.Moderator, village.Person{}, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	f := &bot.Form{Title: "Sign somebody up", Intro: words.Capital(n.Kind.Words().Noun) + ". One of the two is enough.", Path: r.Path, Args: map[string]string{"need": n.ID}}
	for _, o := range fillOptions() {
		f.Fields = append(f.Fields, bot.FormField{Option: o})
	}
	return bot.Reply{Form: f}, nil
}

// fillOptions are the two ways to say who helps.
func fillOptions() []bot.Option {
	return []bot.Option{
		{Name: "helper", Label: "Their account", Summary: "Their account, such as @sam", Kind: bot.Someone},
		{Name: "name", Label: "Or a name, for somebody without one", Hint: "Aunt Rosa", Summary: "A name, for somebody without an account", Max: maxGuestName},
	}
}

// needFill signs somebody up: an account, or a name without one.
func (a *App) needFill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if len(r.Args) == 1 && !r.Submitted {
		return a.fillForm(ctx, r)
	}
	var helper village.Person
	var err error
	switch id, name := r.Arg("helper"), r.Arg("name"); {
	case id != "" && name != "":
		err = &bot.Error{Code: "one-of-two", Say: "Please give either an account or a name.", Hint: "For example: /need fill k7m2p9 helper: @sam, or /need fill k7m2p9 name: Aunt Rosa"}
	case id != "":
		helper = village.Person{ID: id, Name: bot.Account(id)}
		g, err := a.group(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		m, ok, err := a.MemberOf(ctx, g.ID, id)
		if err != nil {
			return bot.Reply{}, err
		}
		if !ok {
			return bot.Reply{}, &bot.Error{Code: "not-known", Say: "They have never used me here, so I can't be sure that I reach them.",
				Hint: "Ask them to type /need open once, or sign them up by name and tell them yourself: /need fill " + r.Arg("need") + " name: Aunt Rosa"}
		}
		helper.Name = m.Name
	case name != "":
		helper, err = village.Guest(r.Arg("need"), name)
	default:
		err = &bot.Error{Code: bot.CodeOptionMissing, Say: "I still need to know who helps.", Hint: "For example: /need fill k7m2p9 helper: @sam, or /need fill k7m2p9 name: Aunt Rosa"}
	}
	if err != nil {
		return bot.Reply{}, err
	}
	already := false
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		already = n.HelpedBy(helper.ID)
		after, owed, err := n.Fill(who(r), r.From.Moderator, helper, a.Now())
		if err != nil || len(owed) == 0 || village.IsGuest(helper.ID) {
			return after, owed, err
		}
		if _, err := a.Welcome(t, g.ID, n, helper.ID); err != nil {
			return n, nil, err
		}
		return after, owed, a.Clash(t, g.ID, helper, n)
	})
	switch {
	case (village.IsCode(err, village.CodeBusy) || village.IsCode(err, village.CodeEnough)) && !r.From.Moderator: // which of the two is nobody else's business
		return bot.Reply{}, &bot.Error{Code: village.CodeBusy, Say: "They can't take this one on.", Hint: "Please ask somebody else, or talk to them first."}
	case village.IsCode(err, village.CodeEnough):
		return bot.Reply{}, &bot.Error{Code: "kept-away", Say: "They are not to help with this one, so I can't sign them up.", Hint: "Please ask somebody else. If it was a moderator who keeps them from helping, /helper unbar lets them help again."}
	case village.IsCode(err, village.CodeBusy):
		return bot.Reply{}, &bot.Error{Code: village.CodeBusy, Say: "They have said yes to something else at that time.", Hint: "Please ask somebody else, or talk to them first."}
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if already {
		m := bot.Message{Title: "Already down for it", Text: fmt.Sprintf("**%s** is down for this one already.", bot.Literal(helper.Name)), Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
		if n.Waits(helper.ID) {
			m.Text, m.Buttons = fmt.Sprintf("**%s** is down for this one already, and waits for a yes.", bot.Literal(helper.Name)), words.JudgeButtons(n, helper.ID)
		}
		return bot.Say(m), nil
	}
	text := fmt.Sprintf("**%s** is down for %s on **%s**.", bot.Literal(helper.Name), n.Kind.Words().Noun, words.Span(n, village.ZoneNamed(n.Zone)))
	m := bot.Message{Title: "Signed up", Tone: bot.Good, Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
	if village.IsGuest(helper.ID) {
		text += " I can't reach them here: please tell them when and where."
		if n.AsksAt().After(a.Now()) {
			text += " The day before, I ask you whether they still can."
		}
		m.Buttons = append(m.Buttons, bot.Button{Label: "Take them off", Command: "/need unfill " + n.ID + " " + helper.ID})
	} else {
		text += " I have asked them to say that it suits them."
	}
	m.Text = text
	return bot.Say(m), nil
}

// needUnfill takes somebody off; they hear that no more help is needed.
func (a *App) needUnfill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		return n.Unfill(r.From.ID, r.From.Moderator, r.Arg("helper"), a.Busy(t, g.ID, n), a.Now())
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: "They are off the list for this one. " + words.WhoNow(n),
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}}}, nil
}

// helperBar keeps somebody from future needs without a word to anybody. What
// they have said yes to stays; a moderator can take them off each.
func (a *App) helperBar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.setBar(ctx, r, true, "From now on they are told that no more help is needed, and are not asked. Nobody else learns of it. What they have said yes to already stays; you can take them off any of it. They no longer stand by for anything.")
}

func (a *App) helperUnbar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.setBar(ctx, r, false, "They can say yes again like everybody else.")
}

func (a *App) setBar(ctx context.Context, r bot.Request, on bool, text string) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	key := records.BarKey(g.ID, r.Arg("helper"))
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		var b records.Bar
		if err := t.Get(key, &b); err != nil {
			return err
		}
		if !on {
			t.Remove(key)
			return nil
		}
		b.Since = a.Now().UTC()
		t.Put(key, b, time.Time{})
		return a.endStandbys(t, g.ID, r.Arg("helper"))
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "Noted, quietly", Text: text}
	if !on {
		return bot.Say(m), nil
	}
	theirs, err := a.Yeses(ctx, g.ID, r.Arg("helper"), a.Now(), time.UnixMilli(records.EndOfTime))
	if err != nil {
		return bot.Reply{}, err
	}
	for _, n := range theirs[:min(len(theirs), words.BoardSize)] {
		m.Buttons = append(m.Buttons, bot.Button{Label: words.Clip("Take off "+n.Kind.Words().Short+", "+when.Short(n.Start, village.ZoneNamed(n.Zone)), 40), Command: "/need unfill " + n.ID + " " + r.Arg("helper")})
	}
	return bot.Say(m), nil
}

// endStandbys takes somebody off everything that they only stand by for, without
// a word: they are not to be put in anybody's place.
func (a *App) endStandbys(t *records.Tx, group, helper string) error {
	var g village.Group
	if err := t.Get(records.GroupKey(group), &g); err != nil {
		return err
	}
	theirs, err := records.List[village.Need](t.Ctx, a.Records, store.Query{Partition: records.GroupPartition(group), Index: records.PersonIndex(helper), From: a.Now().UnixMilli(), To: records.EndOfTime}, records.KindNeed)
	if err != nil {
		return err
	}
	for _, listed := range theirs {
		var n village.Need
		if err := t.Get(records.NeedKey(group, listed.ID), &n); err != nil {
			return err
		}
		if !n.StandsBy(helper) {
			continue
		}
		after, owed, err := n.Release(helper, nil, a.Now())
		if err != nil {
			continue // its time has passed
		}
		a.PutNeed(t, g, after, owed)
	}
	return nil
}
