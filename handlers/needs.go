package handlers

import (
	"context"
	"errors"
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
)

// withNeed finds a need for somebody and changes it by a rule. The group is the
// request's, or in a direct message whichever of the person's groups has it.
func (a *App) withNeed(ctx context.Context, r bot.Request, rule func(n village.Need, now time.Time) (village.Need, []village.Owed, error)) (village.Group, village.Need, error) {
	if rule == nil {
		return a.findNeed(ctx, r)
	}
	return a.changeNeed(ctx, r, func(_ *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
		return rule(n, a.Now())
	})
}

// changeNeed is withNeed for rules that look at more than the need.
func (a *App) changeNeed(ctx context.Context, r bot.Request, rule func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error)) (village.Group, village.Need, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return g, n, err
	}
	n, err = a.ChangeNeed(ctx, g.ID, r.Arg("need"), rule)
	if err == nil && n.ID == "" {
		err = words.NoSuchNeed()
	}
	return g, n, err
}

func (a *App) findNeed(ctx context.Context, r bot.Request) (village.Group, village.Need, error) {
	g, groups, err := a.lookIn(ctx, r)
	if err != nil {
		return g, village.Need{}, err
	}
	for _, id := range groups {
		var n village.Need
		if _, err := a.Read(ctx, records.NeedKey(id, r.Arg("need")), &n); err != nil {
			return g, n, err
		}
		if n.ID == "" {
			continue
		}
		_, err := a.Read(ctx, records.GroupKey(id), &g)
		return g, n, err
	}
	return g, village.Need{}, words.NoSuchNeed()
}

func (a *App) needClaim(ctx context.Context, r bot.Request) (bot.Reply, error) {
	already := false
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		already = n.HelpedBy(r.From.ID)
		if already {
			return n, nil, nil
		}
		approved, err := a.Welcome(t, g.ID, n, r.From.ID)
		if err != nil {
			return n, nil, err
		}
		after, owed, err := n.Claim(who(r), approved, a.Now())
		if err != nil {
			return n, nil, err
		}
		return after, owed, a.Clash(t, g.ID, who(r), n)
	})
	if village.IsCode(err, village.CodeBusy) {
		return bot.Reply{}, withButtons(err, bot.Button{Label: "Mine", Command: "/need mine"})
	}
	if village.IsCode(err, village.CodeTaken) {
		return bot.Reply{}, withButtons(err, bot.Button{Label: "Stand by", Command: "/need standby " + r.Arg("need")}, bot.Button{Label: "What is open", Command: "/need open"})
	}
	if village.IsCode(err, village.CodeOwnNeed) {
		return bot.Reply{}, withButtons(err, bot.Button{Label: "See it", Command: "/need show " + r.Arg("need")}, bot.Button{Label: "Cancel it", Command: "/need cancel " + r.Arg("need")})
	}
	if err != nil {
		return bot.Reply{}, withButtons(err, bot.Button{Label: "What is open", Command: "/need open"})
	}
	zone := village.ZoneNamed(n.Zone)
	m := bot.Message{Title: "Thank you. You are down for this one", Tone: bot.Good,
		Text:    fmt.Sprintf("**%s** for %s, **%s**, %s.", words.Capital(n.Kind.Words().Noun), bot.Literal(n.NameFor(r.From.ID)), words.Span(n, zone), bot.Literal(n.Where())),
		Buttons: words.HelperButtons(n, r.From.ID)}
	switch {
	case already && !a.Now().Before(n.End):
		return bot.Say(bot.Message{Title: "This one is over", Tone: bot.Good, Text: "You said yes to it, and its time has passed. Thank you for being there."}), nil
	case already:
		m.Title = "You have already said yes to this one"
		m.Text += "\n\nNothing has changed: you are still down for it."
	case n.Waits(r.From.ID):
		m.Text += "\n\nBecause children are part of it, whoever asked says yes to you first. I tell you as soon as they have."
	case n.Details:
		m.Text += "\n\nI am sending you the private details in a direct message. Please keep them to yourself."
	default:
		m.Text += "\n\nI am sending you a direct message to keep."
	}
	if remind := n.RemindAt(); !already && remind.After(a.Now()) {
		reminded := " I remind you on the day."
		if words.DayWord(remind, n.Start, zone) != "today" {
			reminded = " I remind you the evening before."
		}
		m.Text += reminded
	}
	return bot.Say(m), nil
}

func (a *App) needRelease(ctx context.Context, r bot.Request) (bot.Reply, error) {
	backup, name := false, ""
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		backup, name = n.StandsBy(r.From.ID), words.WhoAsked(n, r.From.ID)
		after, owed, err := n.Release(r.From.ID, a.Busy(t, g.ID, n), a.Now())
		if err != nil {
			return n, nil, err
		}
		return after, owed, a.DontAsk(t, g.ID, who(r), n.ID)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("You are no longer down for %s on %s. I tell %s", n.Kind.Words().Noun, words.Moment(n.Start, village.ZoneNamed(n.Zone)), name)
	switch {
	case backup:
		text = fmt.Sprintf("You no longer stand by for %s on %s", n.Kind.Words().Noun, words.Moment(n.Start, village.ZoneNamed(n.Zone)))
	case n.State() == village.Open:
		text += " and ask the village again"
	default:
		text += ", and somebody else takes it on"
	}
	text += ". Thank you for saying so"
	if a.Now().Before(n.Start) {
		text += " in time"
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "That is all right", Tone: bot.Good, Text: text + "."}}}, nil
}

func (a *App) needCancel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, _, err := n.Cancel(r.From.ID, r.From.Moderator, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	what := fmt.Sprintf("%s on %s", n.Kind.Words().Noun, words.Moment(n.Start, village.ZoneNamed(n.Zone)))
	if n.Why == village.Cancelled {
		return bot.Say(bot.Message{Text: "This was cancelled already. Nothing more to do."}), nil
	}
	if r.Arg("sure") != "yes" {
		whose := ""
		if n.Member.ID != r.From.ID {
			whose = ", for " + bot.Literal(n.NameFor(r.From.ID))
		}
		m := bot.Message{Title: "Cancel this request?", Tone: bot.Asking, Text: "This is " + what + whose + ".",
			Buttons: []bot.Button{
				{Label: "Yes, cancel it", Command: "/need cancel " + n.ID + " yes", Style: bot.Danger},
				{Label: "Keep it", Command: "/need show " + n.ID}}}
		for _, c := range n.Claims {
			m.Text += " " + bot.Literal(c.Helper.Name) + " has said yes; I will tell them."
		}
		return bot.Say(m), nil
	}
	_, n, err = a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.Cancel(r.From.ID, r.From.Moderator, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := "I have taken down " + what + "."
	guest := func(c village.Claim) bool { return village.IsGuest(c.Helper.ID) }
	switch helped := slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return !guest(c) }); {
	case n.Member.ID != r.From.ID && len(n.Claims) > 0:
		text += " I tell whoever asked, and whoever helps."
	case n.Member.ID != r.From.ID:
		text += " I tell whoever asked."
	case helped:
		text += " Your helper is being told."
	}
	if said := words.TellGuests(n, r.From.ID); said != "" {
		text += " " + said
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Cancelled", Text: text}}}, nil
}

// needDetails shows the private details to the one who said yes, and to the
// member whose they are.
func (a *App) needDetails(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if n.Waits(r.From.ID) {
		return bot.Reply{}, &bot.Error{Code: "waiting", Say: "Whoever asked has not said yes to you yet, so I can't show you the private details.", Hint: "I tell you as soon as they have."}
	}
	if !n.MaySee(r.From.ID) || n.Why == village.Cancelled && n.Member.ID != r.From.ID {
		return bot.Reply{}, &bot.Error{Code: village.CodeNotYours, Say: "Only the person who said yes to this request can see its private details.", Hint: "/need open shows what is still open.",
			Buttons: []bot.Button{{Label: "What is open", Command: "/need open"}}}
	}
	words, err := a.details(ctx, g.ID, n)
	if err != nil {
		return bot.Reply{}, err
	}
	if words == "" {
		return bot.Say(bot.Message{Text: "There are no private details for this one, or they have been wiped by now."}), nil
	}
	return bot.Say(bot.Message{Title: "Just for you", Text: bot.Literal(words), Footer: "Please keep this to yourself. I wipe it " + n.WipedAfter() + " after."}), nil
}

// details opens a need's private details; "" when there are none (any more).
func (a *App) details(ctx context.Context, group string, n village.Need) (string, error) {
	if !n.Details {
		return "", nil
	}
	var d records.SealedDetails
	if rev, err := a.Read(ctx, records.DetailsKey(group, n.ID), &d); err != nil || rev == 0 {
		return "", err
	}
	words, err := a.Keyring.Open(d.Sealed, group, n.ID, "details")
	if err != nil {
		return "", &bot.Error{Code: bot.CodeSealed, Err: err,
			Say:  "I can't open the private details of this request.",
			Hint: "Please ask " + n.Member.Name + " directly, and tell a moderator: the key I was given has changed."}
	}
	return words, nil
}

func (a *App) needShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.ZoneOr(ctx, g, r.From.ID, n)
	if err != nil {
		return bot.Reply{}, err
	}
	m := words.NeedCard(n, zone, r.From.ID)
	m.Buttons = append(m.Buttons, steering(n, r)...)
	return bot.Say(m), nil
}

// steering is what the member, or a moderator, can do about a request and those
// who help with it, beside what the card offers the member.
func steering(n village.Need, r bot.Request) []bot.Button {
	mine := n.Member.ID == r.From.ID
	if n.Why != "" || !mine && !r.From.Moderator {
		return nil
	}
	var out []bot.Button
	add := func(label, command string, helper village.Person) {
		out = append(out, bot.Button{Label: words.Clip(fmt.Sprintf(label, helper.Name), 40), Command: "/need " + command + " " + n.ID + " " + helper.ID})
	}
	for _, c := range n.Claims {
		switch {
		case c.Helper.ID == r.From.ID || c.Helper == village.Forgotten() || n.IsHome(c.Helper.ID):
		case c.Waiting:
			add("Yes to %s", "approve", c.Helper)
			add("No to %s", "decline", c.Helper)
		case village.IsGuest(c.Helper.ID) || !mine:
			add("Take %s off", "unfill", c.Helper)
		case n.Kind.WithChildren():
			add("Rather not %s", "decline", c.Helper)
		}
	}
	if n.State() == village.Open {
		out = append(out, bot.Button{Label: "Sign somebody up", Command: "/need fill " + n.ID})
	}
	if !mine {
		out = append(out, bot.Button{Label: "Move it", Command: "/need move " + n.ID}, bot.Button{Label: "Change it", Command: "/need change " + n.ID}, bot.Button{Label: "Cancel it", Command: "/need cancel " + n.ID})
	}
	return out
}

func (a *App) needOpen(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	q := store.Query{Partition: records.GroupPartition(g.ID), Index: "open", From: a.Now().UnixMilli(), To: records.EndOfTime, Limit: words.BoardSize}
	all, err := a.Store.Count(ctx, q.Partition, q.Index, q.From, q.To)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("counting requests: %w", err)
	}
	total := all
	if r.Arg("when") != "all" {
		q.To = a.Now().Add(records.Week).UnixMilli()
		if total, err = a.Store.Count(ctx, q.Partition, q.Index, q.From, q.To); err != nil {
			return bot.Reply{}, fmt.Errorf("counting requests: %w", err)
		}
	}
	needs, err := records.List[village.Need](ctx, a.Records, q, records.KindNeed)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "What is still open"}
	if q.To < records.EndOfTime {
		m.Title = "Open in the next seven days"
	}
	everything := bot.Button{Label: "All that is open", Command: "/need open all"}
	if len(needs) == 0 && all == 0 {
		return bot.Say(bot.Message{Title: "Nothing is open", Tone: bot.Good, Text: "Every request has somebody. Thank you for looking.",
			Buttons: []bot.Button{{Label: "Mine", Command: "/need mine"}}}), nil
	}
	if len(needs) == 0 {
		return bot.Say(bot.Message{Title: "Nothing is open in the next seven days", Tone: bot.Good,
			Text:    "Thank you for looking. " + words.LaterWords(all),
			Buttons: []bot.Button{everything, {Label: "Mine", Command: "/need mine"}}}), nil
	}
	line, err := a.coverage(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	for _, n := range needs {
		zone, err := a.ZoneOr(ctx, g, r.From.ID, n)
		if err != nil {
			return bot.Reply{}, err
		}
		lines = append(lines, "- "+words.NeedLine(n, zone, r.From.ID))
		if n.Member.ID != r.From.ID {
			m.Buttons = append(m.Buttons, bot.Button{Label: words.Clip(n.Kind.Words().Offer+": "+when.Short(n.Start, zone), 40), Command: "/need claim " + n.ID})
		}
	}
	m.Text = strings.Join(lines, "\n")
	if line != "" {
		m.Footer = "The next seven days: " + line + ". "
	}
	m.Footer += words.SharedAnyway
	if int(total) > len(needs) {
		m.Text += fmt.Sprintf("\n\nThese are the first %d of %d.", len(needs), total)
	}
	if all > total {
		m.Text += "\n\n" + words.LaterWords(all-total)
		m.Buttons = append(m.Buttons, everything)
	}
	return bot.Say(m), nil
}

func (a *App) needMine(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	// a day back, so that today's ride is still there in the evening
	q := store.Query{Partition: records.GroupPartition(g.ID), Index: records.PersonIndex(r.From.ID), From: a.Now().Add(-24 * time.Hour).UnixMilli(), To: records.EndOfTime}
	needs, err := records.List[village.Need](ctx, a.Records, q, records.KindNeed)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "Yours"}
	var asked, offered, standing, filled []string
	for _, n := range needs {
		zone, err := a.ZoneOr(ctx, g, r.From.ID, n)
		if err != nil {
			return bot.Reply{}, err
		}
		line := "- " + words.NeedLine(n, zone, r.From.ID)
		mine := n.Member.ID == r.From.ID
		switch {
		case mine:
			asked = append(asked, line)
		case n.StandsBy(r.From.ID):
			standing = append(standing, line)
		case !n.HelpedBy(r.From.ID):
			filled = append(filled, line)
		default:
			offered = append(offered, line)
		}
		if mine && village.Thankable(n) && len(m.Buttons) < words.BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: words.Clip("Say thank you: "+n.Kind.Words().Short+", "+when.Short(n.Start, zone), 40), Command: words.ThanksButton(n).Command})
		}
		if n.Why == "" && len(m.Buttons) < words.BoardSize {
			label := "See your offer"
			if len(filled) > 0 && filled[len(filled)-1] == line {
				label = "See it"
			}
			if mine {
				label = "See your " + n.Kind.Words().Short
			}
			m.Buttons = append(m.Buttons, bot.Button{Label: words.Clip(label+", "+when.Short(n.Start, zone), 40), Command: "/need show " + n.ID})
		}
	}
	if len(asked) > 0 {
		m.Text = "**You asked for**\n\n" + strings.Join(asked, "\n")
	}
	if len(offered) > 0 {
		m.Text += "\n\n**You said yes to**\n\n" + strings.Join(offered, "\n")
	}
	if len(standing) > 0 {
		m.Text += "\n\n**You stand by for**\n\n" + strings.Join(standing, "\n")
	}
	if len(filled) > 0 {
		m.Text += "\n\n**You signed somebody up for**\n\n" + strings.Join(filled, "\n")
	}
	if m.Text == "" {
		m.Text = "You have asked for nothing and said yes to nothing at the moment. Both are fine."
		m.Buttons = []bot.Button{{Label: "Ask for a ride home", Command: "/ask ride-home"}, {Label: "What is open", Command: "/need open"}}
	}
	return bot.Say(m), nil
}

// completeNeed suggests the needs that a person can do something with.
func (a *App) completeNeed(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	index := "open"
	if last := r.Path[len(r.Path)-1]; last != "claim" && last != "show" {
		index = records.PersonIndex(r.From.ID)
	}
	needs, err := records.List[village.Need](ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: index, From: a.Now().UnixMilli(), To: records.EndOfTime, Limit: 50}, records.KindNeed)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, n := range needs {
		label := words.Clip(fmt.Sprintf("%s %s, %s", n.ID, n.Kind.Words().Short, when.Short(n.Start, village.ZoneNamed(n.Zone))), 100)
		if strings.Contains(strings.ToLower(label), strings.ToLower(typed)) {
			picks = append(picks, bot.Pick{Label: label, Value: n.ID})
		}
	}
	return picks
}

// completeTime shows how the words typed so far would be understood.
func (a *App) completeTime(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil || zone == nil {
		return nil
	}
	t, err := when.Moment(typed, a.Now(), zone)
	var unclear *when.Error
	switch {
	case err == nil:
		saidWords, mark := a.written(t, zone)
		return []bot.Pick{{Label: words.Clip(when.Full(t, zone), 100), Value: saidWords + mark}}
	case errors.As(err, &unclear):
		var picks []bot.Pick
		for _, c := range unclear.Choices {
			picks = append(picks, bot.Pick{Label: words.Clip(when.Full(c.At, zone), 100), Value: c.Words})
		}
		return picks
	}
	return nil
}

func withButtons(err error, buttons ...bot.Button) error { return words.Offer(err, buttons...) }
