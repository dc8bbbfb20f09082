package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// Kinds are the jobs that the scheduler delivers for this package.
func (a *App) Kinds() []scheduler.Kind {
	kinds := append(append(a.planKinds(), a.noteKinds()...), []scheduler.Kind{
		{Name: records.KindNeedJob, Late: scheduler.IfUseful, Limit: time.Hour, Prepare: a.prepareNeed},
		{Name: records.KindDigestJob, Late: scheduler.Skip, Limit: digestLate, Prepare: a.prepareDigest},
		{Name: records.KindReportJob, Late: scheduler.Once, Prepare: a.prepareReport},
		{Name: kindRehearsalJob, Late: scheduler.Once, Prepare: a.prepareRehearsal},
		{Name: records.KindReminderJob, Late: scheduler.Skip, Limit: village.OnTime, Prepare: a.prepareReminder}, // the next one is soon enough
	}...)
	for i, k := range kinds {
		kinds[i] = a.watched(k)
	}
	return append(kinds, scheduler.Kind{Name: records.KindRoomJob, Late: scheduler.Once, Prepare: a.prepareRoom})
}

// prepareNeed says what is owed now, by what is true now.
func (a *App) prepareNeed(ctx context.Context, job store.Job, _ bool) (scheduler.Delivery, error) {
	var j village.Notice
	if err := json.Unmarshal(job.Body, &j); err != nil {
		return scheduler.Delivery{}, fmt.Errorf("reading what is owed: %w", err)
	}
	if j.What.ByClock() {
		return scheduler.Delivery{}, a.needByClock(ctx, j)
	}
	if j.To.Person == village.Moderators {
		return a.toModerators(ctx, job, j)
	}
	var n village.Need
	if rev, err := a.Read(ctx, records.NeedKey(j.Group, j.Need), &n); err != nil || rev == 0 {
		return scheduler.Delivery{}, err
	}
	m, err := a.owed(ctx, j, n)
	if err == nil && m == nil && j.What == village.OwedMoved {
		return a.prepareChange(ctx, job, j)
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
			return a.afterSession(ctx, job, j, until)
		}
	}
	if j.What == village.OwedMoved {
		return a.prepareChange(ctx, job, j)
	}
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: *m}}
	switch {
	case j.Council:
		if err := a.relay(ctx, job, j, &d); err != nil {
			return scheduler.Delivery{}, err
		}
		if j.To.Person != "" {
			d.Out.Message.Notify = []string{j.To.Person}
			if j.Instead != "" {
				d.Out.Message.Text += insteadOf(j)
			}
		}
	case j.What == village.OwedCard:
		if err := a.card(ctx, job, j, n, &d); err != nil {
			return scheduler.Delivery{}, err
		}
		d.Unreachable = func(context.Context, error) (store.Change, error) { return a.unposted(job, j, n), nil }
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
	what := fmt.Sprintf("**%s** on **%s**", w.Noun, span(n, zone))
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
		m := needCard(n, zone, "")
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
			Buttons: []bot.Button{claimButton(n)}, Footer: shared(n)}, nil
	case village.OwedRaised, village.OwedAsk, village.OwedUrgent:
		return a.laddered(j, n, what), nil
	case village.OwedYes:
		if n.Unsure(j.About.ID) {
			return &bot.Message{Title: "Somebody is down for it", Tone: bot.Good, Notify: []string{j.To.Person},
				Text:    fmt.Sprintf("A moderator has put **%s** down: %s. I have asked them whether it suits them, and tell you what they say.", about, what),
				Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}, nil
		}
		return saidYes(n, j.About.ID, about, what, j.To.Person), nil
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
			text = fmt.Sprintf("**%s** can't make it after all: %s. I go on asking the village. Still down for it: %s.", about, what, names(n.Claims))
		}
		text += closeNow(n, a.Now())
		return &bot.Message{Title: "A change of plans", Tone: bot.Asking, Text: text, Notify: []string{j.To.Person},
			Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}, nil
	case village.OwedReleased:
		return &bot.Message{Text: fmt.Sprintf("You are free again: %s. Thank you for telling us.", what)}, nil
	case village.OwedMoved:
		return a.changeMessage(ctx, j, n)
	case village.OwedCancelled:
		if h := n.HeardBy(j.To.Person, j.GuestOf()); h != nil { // by the time that they know
			n.Start, n.End = h.Start, h.End
			what = fmt.Sprintf("**%s** on **%s**", w.Noun, span(n, zone))
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
		m := nobodyYet(n, what, zone, a.Now())
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

// saidYes tells a member who helps, and what that helper still has to hear from
// them: I can't pass anything on to somebody without an account, nor what was
// never written down.
func saidYes(n village.Need, helper, name, what, member string) *bot.Message {
	m := &bot.Message{Title: "Somebody said yes", Tone: bot.Good, Notify: []string{member},
		Text:    fmt.Sprintf("**%s** will help: %s.", name, what),
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
	for _, c := range n.Claims {
		if c.Helper.ID != helper || !village.IsGuest(helper) {
			continue
		}
		through := "them"
		if c.AnswersFor(n) != n.Member.ID {
			through = "**" + bot.Literal(c.By.Name) + "**, who signed them up,"
		}
		m.Text += fmt.Sprintf(" They have no account here, so I can't send them anything. Please tell %s what they need to know, such as the address and a phone number.", through)
		return m
	}
	if n.Details {
		m.Text += " They have what they need from you. You don't have to do anything."
		return m
	}
	m.Text += " They know only what everybody can read. If they need an address or your phone number, you can add it; only they see it."
	m.Buttons = append(m.Buttons, bot.Button{Label: "Add an address or phone", Command: "/need change " + n.ID})
	return m
}

// closeNow is added when nobody is left in the last day: what the member can do
// themselves.
func closeNow(n village.Need, now time.Time) string {
	ahead := n.Start.Sub(now)
	if n.State() != village.Open || len(n.Claims) > 0 || ahead >= 24*time.Hour {
		return ""
	}
	words := "\n\nIt is close now, so please also call somebody you know."
	switch {
	case n.Kind == village.RideHome && ahead < atTheClinic:
		words += " If nobody can come, tell your clinic; if you are there already, stay until somebody can. Please don't drive yourself."
	case n.Kind.NeedsClinic():
		words += " If nobody can come, call your clinic: moving the appointment is all right."
	}
	return words
}

// atTheClinic is how long before a ride home whoever needs it is likely to be
// there already, so that nothing can be moved any more.
const atTheClinic = 3 * time.Hour

// nobodyYet tells a member in time that they are still on their own, with what
// to do about it and the words for it.
func nobodyYet(n village.Need, what string, zone *time.Location, now time.Time) bot.Message {
	text := "Nobody has said yes yet: " + what + ". I am sorry. It is not your fault, and it does happen.\n\n" +
		"- Ask one person you know, with the day and the time.\n" +
		"- Tell a moderator of this group."
	lacking := map[village.Kind]string{village.RideHome: "to drive me", village.RideThere: "to drive me", village.StayWith: "to stay with me", village.Childcare: "to look after my children"}
	switch {
	case n.Kind == village.RideHome && n.Start.Sub(now) < atTheClinic:
		text += "\n- Tell your clinic. You can say: “I have nobody to drive me on " + bot.Literal(when.Short(n.Start, zone)) + ". What can we do?” If you are there already, stay until somebody can come."
	case n.Kind.NeedsClinic():
		text += "\n- Call your clinic. You can say: “I have nobody " + lacking[n.Kind] + " on " + bot.Literal(when.Short(n.Start, zone)) + ". What can we do?” Moving the appointment is all right."
	}
	if n.Kind.IsRide() {
		text += "\n\nPlease don't drive yourself."
	}
	return bot.Message{Title: "Nobody yet", Tone: bot.Urgent, Text: text,
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
}

// forHelper is what a helper keeps: what, when, where, and the private details.
func (a *App) forHelper(ctx context.Context, j village.Notice, n village.Need, what string) (*bot.Message, error) {
	m := bot.Message{Title: "Thank you for saying yes", Tone: bot.Good, Buttons: helperButtons(n, j.To.Person), Notify: []string{j.To.Person},
		Text: fmt.Sprintf("For %s: %s.", bot.Literal(n.NameFor(j.To.Person)), what)}
	if j.What == village.OwedReminder {
		if !a.Now().Before(n.End) {
			return nil, nil
		}
		m.Title = "It is " + dayWord(a.Now(), n.Start, village.ZoneNamed(n.Zone))
	}
	// what is needed on the way comes with the reminder, or with the yes that
	// came after it
	onTheWay := village.SetsOut(n, a.Now()) || n.Kind.ComesHome() && j.What == village.OwedReminder
	if onTheWay {
		m.Text += "\n\n" + rideTips(n)
		m.Buttons = append(homeButtons(n)[:2], m.Buttons...)
	}
	m.Fields = needFields(n)
	if n.Details && n.MaySee(j.To.Person) {
		words, err := a.details(ctx, j.Group, n)
		if err != nil {
			words = "I can't open the private details. Please ask " + n.Member.Name + " directly."
		}
		if words != "" {
			m.Fields = append(m.Fields, bot.Field{Name: "Just for you", Value: bot.Literal(words)})
			m.Footer = "Please keep the private part to yourself. I wipe it " + n.WipedAfter() + " after."
		}
	}
	if onTheWay {
		m.Footer = strings.TrimSpace(m.Footer + " " + noEmergency)
	}
	return &m, nil
}

// dayWord is "today", "tomorrow" or the day's name.
func dayWord(now, t time.Time, zone *time.Location) string {
	day := func(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
	switch day(t) {
	case day(now):
		return "today"
	case day(now.In(zone).AddDate(0, 0, 1)):
		return "tomorrow"
	}
	return "on " + t.In(zone).Format("Monday")
}

func thanksButton(n village.Need) bot.Button {
	return bot.Button{Label: "Say thank you", Command: "/need thanks " + n.ID}
}

func claimButton(n village.Need) bot.Button {
	return bot.Button{Label: n.Kind.Words().Offer, Command: "/need claim " + n.ID, Style: bot.Primary}
}

// needCard is a need as it stands in the village channel, and for a reader who
// is part of it, with what they can do. It never holds private details.
func needCard(n village.Need, zone *time.Location, reader string) bot.Message {
	w := n.Kind.Words()
	m := bot.Message{Title: capital(w.Noun) + " for " + n.NameFor(reader),
		Text: "**" + span(n, zone) + "**", Fields: needFields(n)}
	switch n.State() {
	case village.Open:
		m.Tone = bot.Asking
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: missing(n)})
		if reader != n.Member.ID && !n.HelpedBy(reader) {
			m.Buttons = append(m.Buttons, claimButton(n))
		}
		if reader == "" {
			m.Footer = shared(n)
		}
	case village.Covered:
		m.Tone = bot.Good
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: names(n.Claims) + ". Thank you!"})
		if len(n.Backups) > 0 {
			m.Fields = append(m.Fields, bot.Field{Name: "Standing by", Value: names(n.Backups)})
		}
		if len(n.Backups) < village.MaxBackups && !n.IsHome(n.Claims[0].Helper.ID) && reader != n.Member.ID && !n.HelpedBy(reader) && !n.StandsBy(reader) {
			m.Buttons = append(m.Buttons, bot.Button{Label: "Stand by", Command: "/need standby " + n.ID})
		}
	case village.StateCancelled:
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: "Not needed any more."})
	case village.Over:
		over := "This is over."
		if len(n.Helpers()) > 0 {
			over += " Thank you to everybody who helped."
		}
		m.Fields = append(m.Fields, bot.Field{Name: "Helper", Value: over})
	}
	if reader == n.Member.ID && village.Thankable(n) {
		m.Buttons = append(m.Buttons, thanksButton(n))
	}
	if n.Why != "" || reader == "" {
		return m
	}
	if n.HelpedBy(reader) {
		m.Buttons = append(m.Buttons, helperButtons(n, reader)...)
	}
	if n.StandsBy(reader) {
		m.Buttons = append(m.Buttons, releaseButton(n))
	}
	if reader == n.Member.ID {
		m.Buttons = append(m.Buttons, bot.Button{Label: "Move it", Command: "/need move " + n.ID}, bot.Button{Label: "Change it", Command: "/need change " + n.ID}, bot.Button{Label: "Cancel it", Command: "/need cancel " + n.ID})
	}
	return m
}

// names are the helpers' names, with a word about those who are not settled.
func names(claims []village.Claim) string {
	var out []string
	for _, c := range claims {
		name := bot.Literal(c.Helper.Name)
		switch {
		case c.Waiting:
			name += " (waiting for a yes)"
		case c.Unsure, c.Reread:
			name += " (asked again)"
		}
		out = append(out, name)
	}
	return andList(out)
}

// plainNames are the names alone.
func plainNames(claims []village.Claim) string {
	var out []string
	for _, c := range claims {
		out = append(out, bot.Literal(c.Helper.Name))
	}
	return andList(out)
}

// missing says how many are still wanted.
func missing(n village.Need) string {
	left := n.Wanted - len(n.Claims)
	switch {
	case len(n.Claims) > 0:
		return fmt.Sprintf("%s, and %d more would help. Can you?", names(n.Claims), left)
	case left > 1:
		return fmt.Sprintf("Nobody yet. %d people would help. Can you?", left)
	}
	return "Nobody yet. Can you?"
}

func needFields(n village.Need) []bot.Field {
	from := "Where"
	if n.Kind.Travels() {
		from = "From"
	}
	fields := []bot.Field{{Name: from, Value: bot.Literal(n.From)}}
	if n.To != "" {
		fields = append(fields, bot.Field{Name: "To", Value: bot.Literal(n.To)})
	}
	for _, count := range []struct {
		name string
		n    int
	}{{"Children", n.Children}, {"Seats", n.Seats}, {"Child seats", n.ChildSeats}} {
		if count.n > 0 {
			fields = append(fields, bot.Field{Name: count.name, Value: fmt.Sprint(count.n)})
		}
	}
	if n.Note != "" {
		fields = append(fields, bot.Field{Name: "Note", Value: bot.Literal(n.Note)})
	}
	return fields
}

// needLine is a need in one line of a list, as this reader may know it.
func needLine(n village.Need, zone *time.Location, reader string) string {
	line := fmt.Sprintf("**%s** for %s, %s, %s", capital(n.Kind.Words().Short), bot.Literal(n.NameFor(reader)), moment(n.Start, zone), bot.Literal(n.Where()))
	switch {
	case n.Why == village.Cancelled:
		line += ": cancelled"
	case n.Why == village.Past:
		line += ": over"
	case len(n.Claims) == 0:
		line += ": nobody yet"
	case n.State() == village.Open:
		line += fmt.Sprintf(": %s, %d more wanted", names(n.Claims), n.Wanted-len(n.Claims))
	case len(n.Claims) == 1:
		line += ": " + names(n.Claims) + " helps"
	default:
		line += ": " + names(n.Claims) + " help"
	}
	return line + " (" + n.ID + ")"
}
