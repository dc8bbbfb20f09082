package handlers

import (
	"context"
	"fmt"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

func (a *App) needStandby(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		approved, err := a.Welcome(t, g.ID, n, r.From.ID)
		if err != nil {
			return n, nil, err
		}
		return n.Standby(who(r), approved, a.Now())
	})
	if village.IsCode(err, village.CodeStillOpen) {
		return bot.Reply{}, withButtons(err, words.ClaimButton(n))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "Thank you for standing by", Tone: bot.Good,
		Text: fmt.Sprintf("%s on **%s**, %s. If the first person can't, it is yours, and I tell you at once. You learn the private details only then.",
			words.Capital(n.Kind.Words().Noun), words.Moment(n.Start, village.ZoneNamed(n.Zone)), bot.Literal(n.Where())),
		Buttons: []bot.Button{words.ReleaseButton(n)}}), nil
}

// needStill is a helper's word that it is still on, or the word of whoever looks
// after somebody without an account. Who has not heard of a change yet hears of
// it first.
func (a *App) needStill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	helper := village.Person{ID: r.From.ID}
	guest := ""
	if id := r.Arg("helper"); id != "" && id != r.From.ID {
		helper.ID, guest = id, id
	}
	var untold village.Need
	g, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		untold = village.Need{}
		for _, c := range n.Claims {
			if c.Helper.ID == helper.ID {
				helper = c.Helper
			}
		}
		if n.HelpedBy(helper.ID) && n.HeardBy(r.From.ID, guest) != nil {
			untold = n
			after, owed := n.Told(r.From.ID, guest)
			return after, owed, nil
		}
		after, owed, err := n.Still(r.From.ID, r.From.Moderator, helper.ID, a.Now())
		if err != nil || len(owed) == 0 || guest != "" {
			return after, owed, err
		}
		return after, owed, a.Clash(t, g.ID, who(r), n)
	})
	if village.IsCode(err, village.CodeBusy) {
		return bot.Reply{}, withButtons(err, bot.Button{Label: "Mine", Command: "/need mine"}, words.ReleaseButton(n))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if untold.ID != "" {
		if guest == "" {
			helper = village.Person{}
		}
		return a.stillChanged(ctx, r, g, untold, helper)
	}
	m := bot.Message{Title: "Thank you", Tone: bot.Good,
		Text:    fmt.Sprintf("I tell %s that it is still on: **%s**.", words.WhoAsked(n, r.From.ID), words.Moment(n.Start, village.ZoneNamed(n.Zone))),
		Buttons: words.HelperButtons(n, r.From.ID)}
	if guest != "" {
		m.Text = fmt.Sprintf("**%s** is still down for it: **%s**.", bot.Literal(helper.Name), words.Moment(n.Start, village.ZoneNamed(n.Zone)))
		if r.From.ID != n.Member.ID {
			m.Text += " I tell " + words.WhoAsked(n, r.From.ID) + "."
		}
		m.Buttons = words.GuestAnswer(n, helper)[1:]
	} else if village.SetsOut(n, a.Now()) && n.MaySee(r.From.ID) { // the reminder with all of it has come and gone
		m.Text += "\n\n" + words.RideTips(n)
		m.Buttons = append(words.HomeButtons(n)[:2], m.Buttons...)
		m.Footer = words.NoEmergency
	}
	return bot.Reply{Update: true, Messages: []bot.Message{m}}, nil
}

func (a *App) needGot(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.PickedUp(r.From.ID, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if n.IsHome(r.From.ID) {
		return bot.Reply{Update: true, Messages: []bot.Message{words.SaidAlready()}}, nil
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Drive gently", Tone: bot.Good,
		Text: "When you are there, please tap below. Only tap while you are parked.", Fields: words.NeedFields(n),
		Buttons: append(words.HomeButtons(n)[1:], words.DetailsButton(n, r.From.ID)...)}}}, nil
}

func (a *App) needLate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.Late(r.From.ID, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if n.IsHome(r.From.ID) {
		return bot.Reply{Update: true, Messages: []bot.Message{words.SaidAlready()}}, nil
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: "No hurry. I ask again in a while.",
		Buttons: append(words.HomeButtons(n)[1:2], words.DetailsButton(n, r.From.ID)...)}}}, nil
}

func (a *App) needHome(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.HomeSafe(r.From.ID, now)
	})
	if village.IsCode(err, village.CodeNotBegun) {
		if n.Member.ID == r.From.ID {
			return bot.Reply{}, &bot.Error{Code: village.CodeNotBegun, Say: "This has not begun yet, so it can't be over.", Hint: "If you don't need it any more, you can cancel it.", Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
		}
		return bot.Reply{}, withButtons(err, words.HomeButtons(n)[0])
	}
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "Good to know", Tone: bot.Good, Text: "Thank you. You made today possible for " + bot.Literal(n.NameFor(r.From.ID)) + "."}
	switch {
	case r.From.ID != n.Member.ID:
	case n.Kind.BringsHome():
		m = a.homeMessage()
	default:
		m.Text = "Good that it went well. I wish you a gentle day."
	}
	return bot.Reply{Update: true, Messages: []bot.Message{m}}, nil
}

// onTheWay are the words from the day before until everybody is home.
func (a *App) onTheWay(ctx context.Context, j village.Notice, n village.Need, what string) (*bot.Message, error) {
	about := bot.Literal(j.About.Name)
	see := []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}
	ahead := n.Why == "" && a.Now().Before(n.Start)
	switch j.What {
	case village.OwedStandby:
		if !ahead || !n.StandsBy(j.About.ID) {
			return nil, nil
		}
		return &bot.Message{Text: fmt.Sprintf("**%s** stands by, in case plans change: %s.", about, what), Notify: []string{j.To.Person}, Buttons: see}, nil
	case village.OwedPromoted:
		if !ahead || !n.HelpedBy(j.To.Person) {
			return nil, nil
		}
		m, err := a.forHelper(ctx, j, n, what)
		if m != nil {
			m.Title, m.Tone = "It is yours now", bot.Asking
			m.Text = "You stood by, and the first person can't make it. " + m.Text + "\n\nCan you still do it?"
			m.Buttons = words.StillButtons(n)
		}
		return m, err
	case village.OwedStepIn:
		if n.Why != "" || !n.HelpedBy(j.About.ID) {
			return nil, nil
		}
		if n.Waits(j.About.ID) {
			return &bot.Message{Title: "May they help instead?", Tone: bot.Asking, Notify: []string{j.To.Person}, Buttons: words.JudgeButtons(n, j.About.ID),
				Text: fmt.Sprintf("The first person is not coming. **%s**, who stood by, could take it on: %s. Children are part of it, so they see nothing private before you say yes.", about, what)}, nil
		}
		return &bot.Message{Title: "A change of plans", Tone: bot.Good, Notify: []string{j.To.Person}, Buttons: see,
			Text: fmt.Sprintf("The first person is not coming, and **%s**, who stood by, takes it on: %s. I have asked them to say that they can.", about, what)}, nil
	case village.OwedReplaced:
		if j.GuestOf() != "" {
			return &bot.Message{Text: fmt.Sprintf("Somebody else has taken on %s, so **%s** is free. I can't reach them here: please tell them.", what, about)}, nil
		}
		return &bot.Message{Text: fmt.Sprintf("Somebody else has taken on %s, so you are free. Thank you for having said yes.", what)}, nil
	case village.OwedStandIn:
		if !ahead || !n.WantsStandIn() {
			return nil, nil
		}
		m := &bot.Message{Title: "Could you stand in?", Tone: bot.Asking, Buttons: []bot.Button{words.ClaimButton(n)}, Footer: words.Shared(n),
			Text: fmt.Sprintf("It may turn out that somebody else is needed: %s, %s. Could you do it?", what, bot.Literal(n.Where()))}
		if j.To.Person != "" {
			m.Notify = []string{j.To.Person}
			m.Text = fmt.Sprintf("You stand by for %s, %s. The first person has not said yet that it is still on. Could you take it?", what, bot.Literal(n.Where()))
		}
		return m, nil
	case village.OwedStill:
		return a.askStill(j, n), nil
	case village.OwedSure:
		if !ahead || !n.HelpedBy(j.About.ID) {
			return nil, nil
		}
		if n.Waits(j.About.ID) {
			return &bot.Message{Title: "They wait for your yes", Tone: bot.Asking, Notify: []string{j.To.Person}, Buttons: words.JudgeButtons(n, j.About.ID),
				Text: fmt.Sprintf("**%s** says it still suits them: %s. Without your yes they know too little to come.", about, what)}, nil
		}
		return &bot.Message{Title: "It is on", Tone: bot.Good, Notify: []string{j.To.Person},
			Text: fmt.Sprintf("**%s** says it is still on: %s.", about, what), Buttons: see}, nil
	case village.OwedSettled:
		text := fmt.Sprintf("**%s** is down for it, and has said so: %s", about, what)
		switch {
		case j.Public: // everybody sees the card
			return nil, nil
		case n.Why == village.Cancelled:
			text = what + " is not needed any more"
		case n.Why != "" || !n.HelpedBy(j.About.ID):
			return nil, nil
		}
		m := &bot.Message{Title: "That is settled", Tone: bot.Good, Text: "For the moderators: " + text + ". There is nothing more to do. Thank you for looking."}
		if j.To.Person != "" {
			m.Notify = []string{j.To.Person}
		}
		return m, nil
	case village.OwedNoAnswer:
		if !ahead || !n.WantsStandIn() || !n.HelpedBy(j.About.ID) {
			return nil, nil
		}
		return words.NoAnswer(j, n, what), nil
	}
	return a.homeward(j, n, what), nil
}

func (a *App) askStill(j village.Notice, n village.Need) *bot.Message {
	if n.Why != "" || !a.Now().Before(n.Start) {
		return nil
	}
	for _, c := range n.Claims {
		if guest := j.GuestOf(); guest != "" && c.Helper.ID == guest {
			return a.askAboutGuest(j, n, c)
		}
		if c.Helper.ID != j.To.Person || j.GuestOf() != "" {
			continue
		}
		m := &bot.Message{Title: "Still on?", Tone: bot.Asking, Notify: []string{j.To.Person}, Buttons: words.StillButtons(n), Fields: words.NeedFields(n),
			Text: fmt.Sprintf("%s: **%s** for %s, **%s**. Is it still on? If you can't, that is all right; it helps to know now.",
				words.Capital(words.DayWord(a.Now(), n.Start, village.ZoneNamed(n.Zone))), n.Kind.Words().Noun, bot.Literal(n.NameFor(j.To.Person)), words.Moment(n.Start, village.ZoneNamed(n.Zone)))}
		if c.Silent {
			m.Text = "I have not heard from you yet, so I have asked whether somebody can stand in. You are still down for it. " + m.Text
		}
		return m
	}
	return nil
}

// askAboutGuest asks whoever signed somebody up who has no account.
func (a *App) askAboutGuest(j village.Notice, n village.Need, c village.Claim) *bot.Message {
	guest := bot.Literal(c.Helper.Name)
	whose := "you asked for"
	if j.To.Person != n.Member.ID {
		whose = "for " + bot.Literal(n.Member.Name)
	}
	m := &bot.Message{Title: "Is it still on?", Tone: bot.Asking, Notify: []string{j.To.Person}, Fields: words.NeedFields(n), Buttons: words.GuestAnswer(n, c.Helper),
		Text: fmt.Sprintf("%s: **%s** %s, **%s**, with **%s**. I can't reach %s here. Could you check with them and tell me?",
			words.Capital(words.DayWord(a.Now(), n.Start, village.ZoneNamed(n.Zone))), n.Kind.Words().Noun, whose, words.Moment(n.Start, village.ZoneNamed(n.Zone)), guest, guest)}
	return m
}

// homeward are the words after a ride.
func (a *App) homeward(j village.Notice, n village.Need, what string) *bot.Message {
	i := -1
	for k, c := range n.Claims {
		if c.Helper.ID == j.To.Person && j.GuestOf() == "" || c.Helper.ID == j.About.ID {
			i = k
		}
	}
	if i < 0 || n.Why == village.Cancelled {
		return nil
	}
	home := !n.Claims[i].Home.IsZero()
	switch j.What {
	case village.OwedHomeAsk:
		if home {
			return nil
		}
		if j.GuestOf() != "" {
			return &bot.Message{Title: "Is everybody safe?", Tone: bot.Asking, Notify: []string{j.To.Person}, Buttons: words.HomeButtons(n)[1:2],
				Text: fmt.Sprintf("%s with %s should be over by now. One tap tells me that all is well.", words.Capital(n.Kind.Words().Noun), bot.Literal(j.About.Name)), Footer: words.NoEmergency}
		}
		return &bot.Message{Title: "Is everybody safe?", Tone: bot.Asking, Notify: []string{j.To.Person}, Buttons: words.HomeButtons(n)[1:],
			Text: fmt.Sprintf("%s for %s should be over by now. One tap tells me that you are there.", words.Capital(n.Kind.Words().Noun), bot.Literal(n.NameFor(j.To.Person))), Footer: words.NoEmergency}
	case village.OwedHome:
		if j.To.Person != n.Member.ID {
			m := &bot.Message{Title: "All is well", Tone: bot.Good, Text: fmt.Sprintf("For the moderators: they are there safely. It was about %s.", what)}
			if j.To.Person != "" {
				m.Notify = []string{j.To.Person}
			}
			return m
		}
		return &bot.Message{Title: "Home safe", Tone: bot.Good, Notify: []string{j.To.Person}, Buttons: []bot.Button{words.ThanksButton(n)},
			Text: fmt.Sprintf("**%s** says that "+words.There(n)+". Rest now.", bot.Literal(j.About.Name))}
	case village.OwedNoWord:
		if home {
			return nil
		}
		m := &bot.Message{Title: "No word yet", Tone: bot.Urgent, Footer: words.NoEmergency,
			Text:    fmt.Sprintf("For the moderators: nobody has told me yet that a ride is over: %s. It may only be a forgotten tap. Could one of you ring?", what),
			Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
		if j.To.Person != "" {
			m.Notify = []string{j.To.Person}
		}
		if !j.Public {
			driver, asked := "**"+bot.Literal(j.About.Name)+"**", "I have asked the driver."
			switch {
			case j.GuestOf() != "":
				asked = "I have asked " + bot.Literal(n.Member.Name) + "."
			case j.About == village.Forgotten():
				driver, asked = "somebody", "I can't ask the driver any more."
			}
			m.Text = fmt.Sprintf("For the moderators: %s drives for **%s**, and nobody has told me yet that they are there: %s. %s It may only be a forgotten tap. Could you ring them both?",
				driver, bot.Literal(n.Member.Name), what, asked)
		}
		return m
	}
	return nil
}
