package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// The parts of an export, in this order.
const (
	partYou = iota
	partAsked
	partHelp
	partPrivate
	partPlans
	partDays
	partNotes
	partManner
	partMissed
	parts
)

var partTitles = [parts]string{"You", "What you asked for", "Where you help", "Your private details", "Your plans", "Your check-ins",
	"Your own reminders", "How I write to you, and what I ask you for", "What I could not tell you"}

// exported is what an export says of one document: a line, and what is to be said
// beneath it. No lines: it says nothing of it.
type exported struct {
	part  int
	lines []string
}

// privacyExport tells the person who asks everything that is theirs, in full words.
// Of what is about others, or was said by others about them, it tells nothing.
func (a *App) privacyExport(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, docs, err := a.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var told [parts][]string
	if m.ID != "" {
		lines, err := a.exportMember(ctx, m)
		if err != nil {
			return bot.Reply{}, err
		}
		told[partYou] = lines
	}
	var wiped time.Time
	for _, d := range docs {
		e, err := a.export(ctx, d, r.From.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		told[e.part] = append(told[e.part], e.lines...)
		if d.Kind == records.KindDetails && d.Expires.After(wiped) {
			wiped = d.Expires
		}
	}
	var text []string
	for part, lines := range told {
		if len(lines) == 0 {
			continue
		}
		for i, line := range lines { // plain words: a time that a platform draws anew cannot be copied
			lines[i] = "- " + bot.Literal(bot.PlainText(line))
		}
		text = append(text, "**"+partTitles[part]+"**\n\n"+strings.Join(lines, "\n"))
	}
	msg := bot.Message{Title: "All of it, to keep", Text: strings.Join(text, "\n\n"), Footer: "Only you see this."}
	if len(text) == 0 {
		msg.Text = "Nothing."
	}
	if !wiped.IsZero() {
		msg.Footer += " I wipe the private parts on the days beside them, the last on " + words.DayOf(wiped) + ". A copy stays where you put it."
	}
	return bot.Say(msg), nil
}

// exportMember is who somebody is here, and in which groups.
func (a *App) exportMember(ctx context.Context, m village.Member) ([]string, error) {
	lines := []string{words.MemberLine(m)}
	var named []string
	for _, id := range m.Groups {
		var g village.Group
		if _, err := a.Read(ctx, records.GroupKey(id), &g); err != nil {
			return nil, err
		}
		if len(g.Rooms) > 0 {
			named = append(named, "the one with "+bot.Literal("#"+g.Rooms[0].Name))
		}
	}
	line := "You use me in " + words.Count(len(m.Groups), "group", "groups")
	if len(named) > 0 {
		line += ": " + words.AndList(named)
		if others := len(m.Groups) - len(named); others > 0 {
			line += ", and " + words.Count(others, "other", "others")
		}
	}
	return append(lines, line), nil
}

// export says everything that a document tells of this person.
func (a *App) export(ctx context.Context, d kept, person string) (exported, error) {
	switch d.Kind {
	case records.KindNeed:
		return exportNeed(d, person)
	case records.KindDetails:
		return exported{partPrivate, []string{detailsLine(d, a.privateWords(d))}}, nil
	case records.KindTrust:
		own, err := ownTrust(d, person)
		if err != nil || !own {
			return exported{}, err
		}
		return exported{partYou, []string{words.TrustLine}}, nil
	case records.KindModerator:
		return exported{partYou, []string{words.ModeratorLine}}, nil
	case records.KindHelper:
		return exportHelper(d)
	case records.KindCourse:
		return a.exportCourse(d)
	case records.KindDiary:
		return exportDiary(d)
	case records.KindOwnReminder:
		return exportNote(d)
	case records.KindPreferences:
		return a.exportCare(d)
	case scheduler.KindDead:
		return a.exportDead(ctx, d), nil
	}
	return exported{partYou, []string{words.UnknownLine}}, nil
}

// privateWords opens private details for the member whose they are.
func (a *App) privateWords(d kept) string {
	var sealed records.SealedDetails
	if err := json.Unmarshal(d.Body, &sealed); err != nil {
		return "I can't read them any more"
	}
	words, err := a.Keyring.Open(sealed.Sealed, d.Group, strings.TrimPrefix(d.ID, records.PlanDetails), "details")
	if err != nil {
		return "I can't open them any more, because the key I was given has changed"
	}
	return bot.Literal(words)
}

// ownTrust says whether a word about a helper is one that this person gave, or one
// about them. Only a yes is listed for both; its key tells who gave it.
func ownTrust(d kept, person string) (bool, error) {
	var w records.Trust
	if err := json.Unmarshal(d.Body, &w); err != nil {
		return false, fmt.Errorf("reading a word about a helper: %w", err)
	}
	if !w.Yes {
		return true, nil
	}
	for _, e := range d.Listed {
		id, err := url.QueryUnescape(strings.TrimPrefix(e.Name, records.PersonIndex("")))
		if err == nil && records.TrustKey(d.Group, person, id) == d.Key {
			return true, nil
		}
	}
	return false, nil
}

func exportNeed(d kept, person string) (exported, error) {
	var n village.Need
	if err := json.Unmarshal(d.Body, &n); err != nil {
		return exported{}, fmt.Errorf("reading a need: %w", err)
	}
	if n.Member.ID != person {
		// whose request it is, and who else helps, is theirs
		line := words.RoleIn(n, person) + words.Capital(n.Kind.Words().Short) + ", " + when.Full(n.Start, village.ZoneNamed(n.Zone)) + ", " + bot.Literal(n.Where())
		line += words.EndedWords(n) + " (" + n.ID + ")"
		if names := words.GuestsOf(n, person); len(names) > 0 {
			line += ". You signed up " + words.AndList(names)
		}
		return exported{partHelp, []string{line + words.KeptUntil(n.KeptUntil().In(village.ZoneNamed(n.Zone)))}}, nil
	}
	zone := village.ZoneNamed(n.Zone)
	more := []string{"Until " + when.Full(n.End, zone)}
	for _, f := range (words.Reader{}).NeedFields(n)[1:] { // where it begins is said already
		more = append(more, f.Name+": "+f.Value)
	}
	if n.Hidden {
		more = append(more, "The channel does not see your name")
	}
	more = append(more, "You asked on "+when.Full(n.Asked, zone))
	if !n.Thanked.IsZero() {
		more = append(more, "You said thank you on "+when.Full(n.Thanked, zone))
	}
	return exported{partAsked, []string{words.NeedKept(n, person, more...)}}, nil
}

func exportHelper(d kept) (exported, error) {
	line, err := helperLine(d)
	if err != nil {
		return exported{}, err
	}
	var h village.Helper
	if err := json.Unmarshal(d.Body, &h); err != nil {
		return exported{}, fmt.Errorf("reading a helper: %w", err)
	}
	lines := []string{line}
	if !h.Joined.IsZero() {
		lines = append(lines, "You said that I may ask you on "+when.Full(h.Joined, time.UTC))
	}
	if !h.LastAsked.IsZero() {
		lines = append(lines, "I last asked you directly on "+when.Full(h.LastAsked, time.UTC))
	}
	return exported{partManner, lines}, nil
}

// exportCourse is a plan with its dates, the clinic's rules, and whatever its
// member has changed, drawn and ticked.
func (a *App) exportCourse(d kept) (exported, error) {
	line, err := ownLine(d.Doc)
	if err != nil {
		return exported{}, err
	}
	var c village.Course
	if err := json.Unmarshal(d.Body, &c); err != nil {
		return exported{}, fmt.Errorf("reading a plan: %w", err)
	}
	zone := village.ZoneNamed(c.Zone)
	lines := []string{line}
	for _, s := range c.Sessions {
		lines = append(lines, a.exportSession(c, s))
	}
	say := func(what, saidWords string) {
		if saidWords != "" {
			lines = append(lines, what+": "+saidWords)
		}
	}
	var rules []string
	if c.Clinic.Food > 0 {
		rules = append(rules, "no food from "+words.LengthWords(c.Clinic.Food)+" before")
	}
	if c.Clinic.Drinks > 0 {
		rules = append(rules, "no drinks from "+words.LengthWords(c.Clinic.Drinks)+" before")
	}
	say("Your clinic's rules, as you gave them to me", words.AndList(rules))
	say("You are to be collected by", bot.Literal(c.Clinic.Collect))
	say("Where the sessions are", bot.Literal(c.Area))
	say("Where you live, roughly", bot.Literal(c.Home))
	var help, talks []string
	for _, k := range c.Help {
		help = append(help, k.Words().Noun)
	}
	for _, talk := range c.Talks {
		talks = append(talks, when.Full(talk, zone))
	}
	say("Help for every session", words.AndList(help))
	if c.Hidden {
		lines = append(lines, "I ask without your name")
	}
	say("Your talks afterwards", words.AndList(talks))
	if c.TouchUp {
		lines = append(lines, "I ask weeks later how to go on")
	}
	for _, key := range slices.Sorted(maps.Keys(c.Tweaks)) {
		say("Your reminder “"+words.TweakName(c, key, zone)+"”", words.TweakWords(c.Tweaks[key]))
	}
	for _, saidWords := range a.drawn(c) {
		say("An idea you were shown", bot.Literal(saidWords))
	}
	if !c.Stopped.IsZero() {
		say("You ended the plan on", when.Full(c.Stopped, zone))
	}
	return exported{partPlans, lines}, nil
}

func (a *App) exportSession(c village.Course, s village.Session) string {
	line := "Session on " + when.Full(s.Start, village.ZoneNamed(c.Zone)) + ", for " + words.LengthWords(s.End.Sub(s.Start))
	if s.Why != "" {
		line += ": " + string(s.Why)
	}
	line += " (" + s.ID + ")"
	bag, _ := a.Content.Deck("bag")
	var packed []string
	for _, id := range s.Packed {
		if card, ok := bag.Card(id); ok {
			packed = append(packed, "“"+bot.Literal(card.Text)+"”")
		}
	}
	if len(packed) > 0 {
		line += ". In the bag: " + words.AndList(packed)
	}
	intention, _ := a.Content.Deck("intention")
	if card, ok := intention.Card(s.Card); ok {
		line += ". Your card: " + bot.Literal(card.Title) + ". " + bot.Literal(card.Text)
	}
	return line
}

// drawn are the cards that a plan's member has been shown, each once, without those
// that a session has now.
func (a *App) drawn(c village.Course) []string {
	var words []string
	for _, id := range slices.Compact(slices.Sorted(maps.Values(c.Prompts))) {
		if slices.ContainsFunc(c.Sessions, func(s village.Session) bool { return s.Card == id }) {
			continue
		}
		for _, name := range []string{"integration", "intention"} {
			deck, _ := a.Content.Deck(name)
			if card, ok := deck.Card(id); ok {
				words = append(words, card.Text)
				break
			}
		}
	}
	return words
}

func exportDiary(d kept) (exported, error) {
	line, err := ownLine(d.Doc)
	if err != nil {
		return exported{}, err
	}
	var diary village.Diary
	if err := json.Unmarshal(d.Body, &diary); err != nil {
		return exported{}, fmt.Errorf("reading check-ins: %w", err)
	}
	lines := []string{line}
	for _, day := range diary.Days {
		name := day.Day
		if at, err := time.Parse(time.DateOnly, day.Day); err == nil {
			name = at.Format("Monday 2 January 2006")
		}
		lines = append(lines, name+": "+words.Reader{}.Feeling(day.Feeling))
	}
	return exported{partDays, lines}, nil
}

func exportNote(d kept) (exported, error) {
	line, err := ownLine(d.Doc)
	if err != nil {
		return exported{}, err
	}
	var n village.OwnReminder
	if err := json.Unmarshal(d.Body, &n); err != nil {
		return exported{}, fmt.Errorf("reading a note: %w", err)
	}
	zone := village.ZoneNamed(n.Zone)
	if n.Schedule != "" {
		line += ". " + bot.Literal(words.Capital(scheduler.Describe(n.Schedule))) + words.Season(n.From, n.Until, zone)
	}
	for _, at := range []struct {
		what string
		at   time.Time
	}{{"You set it on ", n.Since}, {"It last came on ", n.Sent}, {"It comes next on ", n.Due}, {"You last did it on ", n.Done}} {
		if !at.at.IsZero() {
			line += ". " + at.what + when.Full(at.at, zone)
		}
	}
	if n.Ask {
		line += ". I ask for a tap when it is done"
	}
	return exported{partNotes, []string{line}}, nil
}

func (a *App) exportCare(d kept) (exported, error) {
	var c village.Preferences
	if err := json.Unmarshal(d.Body, &c); err != nil {
		return exported{}, fmt.Errorf("reading how to write to somebody: %w", err)
	}
	voice := "What I remind you of waits behind a tap"
	if c.Plain {
		voice = "What I remind you of is shown at once"
	}
	quiet := "Your quiet hours: the group's"
	switch {
	case c.Quiet != nil && c.Quiet.From == c.Quiet.To:
		quiet = "Your quiet hours: none"
	case c.Quiet != nil:
		quiet = "Your quiet hours: " + words.ClockWords(c.Quiet.From) + " to " + words.ClockWords(c.Quiet.To)
	}
	lines := []string{voice, quiet}
	if c.Paused.After(a.Now()) {
		lines = append(lines, "Your own reminders are paused until "+when.Full(c.Paused, time.UTC))
	}
	return exported{partManner, lines}, nil
}

// exportDead says that there is something somebody was not told, and what it is
// called. What it says follows every answer, also this one, as it is true by then.
func (a *App) exportDead(ctx context.Context, d kept) exported {
	m, some, err := a.unreached(ctx, d.Doc)
	line := words.DeadLine
	switch {
	case err != nil: // such as what only another key opens; the rest is theirs all the same
		a.Log.ErrorContext(ctx, "an undelivered message could not be read", "error", err)
	case !some:
		line += ". It is of no use any more"
	case m.message.Title != "":
		line += ": “" + bot.Literal(m.message.Title) + "”. You read all of it beneath this, or beneath my next answer"
	default:
		line += ". You read it beneath this, or beneath my next answer"
	}
	return exported{partMissed, []string{line}}
}

type kept = records.Document

// detailsLine says whose the private details are and when they go; with the words
// where they are opened.
func detailsLine(d kept, saidWords string) string {
	of := "request " + d.ID
	if plan, ok := strings.CutPrefix(d.ID, records.PlanDetails); ok {
		of = "plan " + plan
	}
	line := "Private details of your " + of
	if saidWords == "" {
		return line + ", sealed. Wiped on " + words.DayOf(d.Expires)
	}
	return line + ": " + saidWords + ". Wiped on " + words.DayOf(d.Expires)
}

func helperLine(d kept) (string, error) {
	var h village.Helper
	if err := json.Unmarshal(d.Body, &h); err != nil {
		return "", fmt.Errorf("reading a helper: %w", err)
	}
	return "You as a helper: " + words.Reader{}.HelperWords(h), nil
}
