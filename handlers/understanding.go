package handlers

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"village/bot"
	"village/content"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// Understand says what words mean, without carrying anything out.
func (a *App) Understand(h understand.Heard) understand.Reading { return a.ear.Read(h, nil) }

// direct answers words that were sent to the bot without a command: danger by rule
// first, then what they were asked, something to do, something to know, a kind word.
func (a *App) direct(ctx context.Context, r bot.Request) (bot.Reply, error) {
	r, err := a.ofPage(ctx, r)
	if err != nil { // words are no command of the page
		return bot.Reply{}, err
	}
	said := r.Arg("words")
	if said == "" {
		return a.help(ctx, r)
	}
	who, err := a.speaking(ctx, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "what somebody was asked could not be looked up", "request", r, "error", err)
	}
	shown, some := a.shown.take(r.From.ID, a.Now())
	if some {
		who.open, who.shown, who.again = a.shallI(r, shown, who.open), shown.buttons, shown.again
	}
	reading := a.ear.Read(understand.Heard{Words: said, Who: who.role, Asked: who.asked(), Names: who.names()}, func() content.Finding { return a.find(r, said) })
	if a.chooses(reading, said) {
		for _, answered := range []func(context.Context, bot.Request, choice, understand.Reading) (bot.Reply, bool, error){a.chosen, a.whereInWords} {
			if reply, ok, err := answered(ctx, r, shown, reading); ok {
				a.remember(r, true, reply)
				return reply, err
			}
		}
	}
	reply, err := a.heardAs(ctx, r, reading, who)
	asks := a.remember(r, reading.Kind == understand.Command || reading.Kind == understand.Reply, reply)
	if !asks && (shown.form != nil || shown.again != "") && reading.Kind == understand.Answer { // they may ask something before they go on
		a.shown.keep(r.From.ID, shown)
	}
	return reply, err
}

// heardAs answers words that are understood.
func (a *App) heardAs(ctx context.Context, r bot.Request, reading understand.Reading, who speaker) (bot.Reply, error) {
	said := r.Arg("words")
	if reading.Kind != understand.Crisis {
		if reply, ok := a.beforeAnswering(ctx, r, said, reading.Lines); ok {
			return reply, nil
		}
	}
	if reply, ok, err := a.forJournal(ctx, r, reading); ok {
		return reply, err
	}
	reply, err := a.answerTo(ctx, r, reading, who)
	if err == nil && reading.Lines && slices.Contains([]understand.Kind{understand.Reply, understand.Command, understand.Talk}, reading.Kind) && !reply.Crisis {
		reply.Messages = append(slices.Clip(reply.Messages), a.twoLinesFor(ctx, r))
	}
	return reply, err
}

// answerTo answers what words mean.
func (a *App) answerTo(ctx context.Context, r bot.Request, reading understand.Reading, who speaker) (bot.Reply, error) {
	said := r.Arg("words")
	if reading.Kind != understand.Crisis {
		if reply, ok, err := a.aboutHelper(ctx, r, reading, who); ok || err != nil {
			return reply, err
		}
	}
	switch reading.Kind {
	case understand.Reply:
		return a.replyTo(ctx, r, reading, who)
	case understand.Command:
		return a.offered(ctx, r, reading)
	case understand.Talk:
		return bot.Say(a.kindWord(ctx, r, reading.Word, who.role)), nil
	case understand.Crisis:
		return bot.Reply{Messages: []bot.Message{a.linesFor(ctx, r)}, Crisis: true}, nil
	case understand.Unsure:
		if reply, ok := a.perhaps(ctx, r, reading); ok {
			return reply, nil
		}
	}
	if who.role == understand.Helper && !a.mayKnow(said, reading) {
		unsure := a.to(r, nil).HelperUnsure(a.turn(r, "unsure"), a.choices(ctx, r, who.role))
		return a.withLines(ctx, r, reading.Found, a.discreetly(r, reading.Found, unsure)), nil
	}
	return a.found(ctx, r, said), nil
}

// replyTo is what is said to a reply: it answers what was asked, or is offered as an
// order, or nothing was asked.
func (a *App) replyTo(ctx context.Context, r bot.Request, reading understand.Reading, who speaker) (bot.Reply, error) {
	if reply, ok, err := a.replied(ctx, r, reading, who.open); ok {
		return reply, err
	}
	if len(reading.Do) > 0 {
		return a.offered(ctx, r, reading)
	}
	if reading.Said == understand.Yes && who.again != "" {
		return a.carryOut(ctx, r, who.again)
	}
	if reading.Said == understand.Yes && len(who.shown) > 1 {
		return bot.Say(a.to(r, nil).WhichOne(who.shown)), nil
	}
	return bot.Say(a.to(r, nil).NothingAsked(a.turn(r, "nothing asked"), a.choices(ctx, r, who.role))), nil
}

// mayKnow says whether a helper can be given what the finder found: they have used
// the name of the treatment, or the answer does not.
func (a *App) mayKnow(said string, reading understand.Reading) bool {
	if understand.NamesIt(said) {
		return true
	}
	if reading.Kind != understand.Answer || len(reading.Found.Topics) == 0 {
		return false
	}
	t, _ := a.Content.Topic(reading.Found.Topics[0].ID)
	return understand.Discreet(t.Title + " " + t.Body)
}

// surelyAsked is how sure an answer must be to what begins like a command: a slip in the name of one is likelier than a question.
const surelyAsked = 0.8

// half answers what looks like a command and is none, where the words mean
// something: "/ask ride home thu 1pm", or a question behind /village.
func (a *App) half(ctx context.Context, r bot.Request) (bot.Reply, bool) {
	if rest, cut := strings.CutPrefix(r.Arg("words"), "remind "); cut && !strings.HasPrefix(rest, "me ") {
		r.Args = map[string]string{"words": "remind me " + rest}
	}
	reading := a.Understand(understand.Heard{Words: r.Arg("words")})
	order := reading.Kind == understand.Command || reading.Kind == understand.Reply && len(reading.Do) > 0
	if reading.Kind == understand.Answer && !reading.Lines && len(reading.Found.Topics) > 0 && reading.Found.Topics[0].Score < surelyAsked {
		return bot.Reply{}, false
	}
	if !order && (len(r.Path) > 0 || reading.Kind == understand.Unsure || reading.Kind == understand.Reply) {
		return bot.Reply{}, false
	}
	reply, err := a.direct(ctx, r)
	return reply, err == nil
}

// offered does what only looks, and offers everything else filled in.
func (a *App) offered(ctx context.Context, r bot.Request, reading understand.Reading) (bot.Reply, error) {
	if first := reading.Do[0]; first.Look {
		return a.carryOut(ctx, r, first.Line(a.Table()))
	}
	if reading.Do[0].Name() == "remind pause" {
		return a.stopHow(ctx, r, reading.Do[0])
	}
	offer := a.offers(ctx, r, reading.Do)
	if id, ok := strings.CutPrefix(only(offer.buttons).Command, "/need release "); ok {
		a.doubt(ctx, r, id)
	}
	to := a.to(r, nil)
	switch {
	case len(offer.buttons) == 0 && offer.form == nil:
		return bot.Say(to.NoneOfYours([]bot.Button{to.MineButton(), to.MySessions()})), nil
	case len(offer.buttons) == 0:
		return a.inForm(r, offer.label, offer.form), nil
	case offer.which:
		return bot.Say(to.WhichOne(offer.buttons)), nil
	}
	return bot.Reply{Messages: []bot.Message{to.Offered(a.turn(r, "offered"), offer.buttons)}, Form: offer.form}, nil
}

// offers are what can be tapped to have something done.
type offers struct {
	buttons []bot.Button
	form    *bot.Form
	label   string // the form's
	which   bool   // the buttons are one thing, about several
}

func (a *App) offers(ctx context.Context, r bot.Request, things []understand.Thing) offers {
	var o offers
	for _, thing := range things {
		cmd := bot.Find(a.Table(), thing.Path)
		if cmd == nil || cmd.Who == bot.Moderators && !a.recognise(ctx, r).From.Moderator {
			continue
		}
		if thing.Name() == "need give" {
			thing = a.givenTo(ctx, r, thing)
		}
		ready, several := a.ready(ctx, r, thing, cmd)
		o.buttons, o.which = append(o.buttons, ready...), o.which || several
		if f := bot.FormWith(cmd, thing.Path, thing.Args); o.form == nil && f != nil && !needsRef(cmd) {
			o.form, o.label = f, a.thingLabel(ctx, r, thing, "")
		}
	}
	return o
}

// perhaps asks whether somebody meant what their words could mean. It is false where none of it is for them.
func (a *App) perhaps(ctx context.Context, r bot.Request, reading understand.Reading) (bot.Reply, bool) {
	const each = 2 // where it can be about several of theirs
	var buttons []bot.Button
	for _, thing := range reading.Do {
		cmd := bot.Find(a.Table(), thing.Path)
		if cmd == nil || cmd.Who == bot.Moderators && !a.recognise(ctx, r).From.Moderator {
			continue
		}
		ready, _ := a.ready(ctx, r, thing, cmd)
		if len(ready) == 0 && !needsRef(cmd) { // the form asks for what is missing
			ready = []bot.Button{{Label: a.thingLabel(ctx, r, thing, ""), Command: "/" + thing.Name()}}
		}
		buttons = append(buttons, ready[:min(len(ready), each)]...)
	}
	if len(buttons) == 0 {
		return bot.Reply{}, false
	}
	for i := range buttons {
		buttons[i].Style = bot.Plain
	}
	to := a.to(r, nil)
	if topics := reading.Found.Topics; len(topics) > 0 && reading.Found.Kind == content.KindAnswer {
		buttons = append(buttons, a.related([]string{topics[0].ID})...)
	}
	reply := bot.Say(to.DidYouMean(a.turn(r, "did you mean"), buttons))
	if reading.Lines {
		reply.Messages = append(reply.Messages, a.twoLinesFor(ctx, r))
	}
	return reply, true
}

// only is the one button there is, if it is the only one.
func only(buttons []bot.Button) (one bot.Button) {
	if len(buttons) == 1 {
		one = buttons[0]
	}
	return one
}

func needsRef(cmd *bot.Command) bool {
	return slices.ContainsFunc(cmd.Options, func(o bot.Option) bool { return o.Kind == bot.Ref && o.Required })
}

// ready are the buttons that do a thing: one, or one for each that it can be about.
func (a *App) ready(ctx context.Context, r bot.Request, thing understand.Thing, cmd *bot.Command) (buttons []bot.Button, several bool) {
	const most = 5
	if needsRef(cmd) && thing.Args[cmd.Options[0].Name] == "" {
		found := a.about(ctx, r, thing, cmd)
		for _, p := range found[:min(len(found), most)] {
			args := maps.Clone(thing.Args)
			if args == nil {
				args = map[string]string{}
			}
			args[cmd.Options[0].Name] = p.Value
			one := understand.Thing{Path: thing.Path, Args: args, Whom: thing.Whom}
			if line := one.Line(a.Table()); len(line) <= bot.MaxLine {
				buttons = append(buttons, bot.Button{Label: a.thingLabel(ctx, r, thing, p.Label), Command: line})
			}
		}
		return buttons, len(buttons) > 1
	}
	line := thing.Line(a.Table())
	// Help with a plan is asked for around a place, which the form asks for.
	whole := complete(cmd, thing.Args) && (thing.Args["help"] == "" || thing.Args["area"] != "")
	switch {
	case len(line) > bot.MaxLine || !whole && cmd.Form != "":
		return nil, false
	case !whole:
		line = "/" + thing.Name()
	}
	return []bot.Button{{Label: a.thingLabel(ctx, r, thing, ""), Command: line, Style: bot.Primary}}, false
}

// complete says whether nothing is missing that a command must be told.
func complete(cmd *bot.Command, args map[string]string) bool {
	return !slices.ContainsFunc(cmd.Options, func(o bot.Option) bool { return o.Required && args[o.Name] == "" })
}

// about are the things that a command can be about, and of several those that the
// words speak of.
func (a *App) about(ctx context.Context, r bot.Request, thing understand.Thing, cmd *bot.Command) []bot.Pick {
	said := r.Arg("words")
	r.Path = thing.Path
	var found []understand.Named
	switch complete := cmd.Options[0].Complete; {
	case complete == nil:
	case thing.Path[0] != "need":
		for _, p := range complete(ctx, r, "") {
			found = append(found, understand.Named{Value: p.Value, Label: p.Label, About: p.Label})
		}
	default:
		needs, err := a.needsToChoose(ctx, r)
		if err != nil {
			return nil
		}
		for _, n := range needs {
			to := a.toNeed(r, n)
			found = append(found, understand.Named{Value: n.ID, Label: to.Which(n), About: to.NeedWords(n) + " " + a.dayWords(n.Start, village.ZoneNamed(n.Zone))})
		}
	}
	var picks []bot.Pick
	for _, x := range understand.Spoken(said, found) {
		picks = append(picks, bot.Pick{Label: x.Label, Value: x.Value})
	}
	return picks
}

// thingLabel is what a button that does a thing says.
func (a *App) thingLabel(ctx context.Context, r bot.Request, thing understand.Thing, about string) string {
	x := words.Thing{Name: thing.Name(), About: about, Whom: thing.Whom}
	if thing.Path[0] == "ask" {
		x.Kind = village.Kind(thing.Path[1])
	}
	if thing.Name() == "remind add" {
		x.About = words.Clip(thing.Args["words"], 30)
	}
	if thing.Name() == "checkin score" {
		x.About = village.ScaleNamed(thing.Args["scale"]).Name + " " + thing.Args["value"]
	}
	if do := thing.Args["do"]; do == "never" || do == "again" {
		x.Name += " " + do
	}
	if thing.Name() == "remind pause" && thing.Args["what"] == everything {
		x.Name = "remind pause all"
	}
	for _, option := range []string{"until", "to", "when", "schedule"} {
		if said := thing.Args[option]; said != "" {
			x.When = said
			if !strings.HasSuffix(thing.Name(), "move") { // of which the hour or the week may be its own
				x.When = a.moreExactly(ctx, r, said)
			}
			if thing.Path[len(thing.Path)-1] == "pause" {
				x.When = a.pausedUntil(ctx, r, said)
			}
		}
	}
	return a.to(r, nil).ThingLabel(x)
}

// moreExactly is a time as it is understood, or as it was said where it is not yet; empty for words that are no time.
func (a *App) moreExactly(ctx context.Context, r bot.Request, said string) string {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return said
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil || zone == nil {
		return said
	}
	at, err := when.Moment(said, a.Now(), zone)
	var unclear *when.Error
	switch {
	case err == nil:
		return when.Short(at, zone)
	case errors.As(err, &unclear) && unclear.Code == when.Unknown && !when.Repeats(said):
		if _, _, err := when.Appointments(said, a.Now(), zone); err != nil {
			return ""
		}
	}
	return said
}

// choices are where somebody can begin.
func (a *App) choices(ctx context.Context, r bot.Request, role understand.Role) []bot.Button {
	to := a.to(r, nil)
	if role == understand.Helper {
		return to.HelperChoices()
	}
	choices := to.Choices()
	if role != understand.Moderator {
		return choices
	}
	if g, err := a.group(ctx, r); err == nil && (g.Zone == "" || len(g.Rooms) == 0) {
		choices[0].Style = bot.Plain
		choices = append([]bot.Button{to.SetUpFirst()}, choices...)
	}
	return choices
}

// kindWord answers a kind word.
func (a *App) kindWord(ctx context.Context, r bot.Request, word understand.Word, role understand.Role) bot.Message {
	to, turn, helper := a.to(r, nil), a.turn(r, string(word)), role == understand.Helper
	switch word {
	case understand.Scores:
		return to.WantsScores()
	case understand.Hello, understand.Start:
		if helper {
			return to.HelloHelper(turn, a.choices(ctx, r, role))
		}
		return to.Hello(turn, a.choices(ctx, r, role))
	case understand.Help:
		if rest := a.restInstead(ctx, r); rest != nil {
			return *rest
		}
		if helper {
			return to.WhatICanDoForHelpers(turn, a.choices(ctx, r, role))
		}
		return to.WhatICanDo(turn, a.choices(ctx, r, role))
	}
	return to.KindWord(string(word), turn)
}
