package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// crisis gives the lines of a country: the one asked for, the person's, the
// group's, else those that serve everywhere.
func (a *App) crisis(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var m bot.Message
	if country := r.Arg("country"); country != "" {
		m = a.lines(r, country)
	} else {
		m = a.linesFor(ctx, r)
	}
	return bot.Reply{Messages: []bot.Message{m}, Crisis: true}, nil
}

// linesFor is the crisis answer for a person, with their group's own notes. It reads
// what it can until ctx ends, and changes nothing: whatever goes wrong on the way, the
// lines that serve everywhere are shown rather than an error.
func (a *App) linesFor(ctx context.Context, r bot.Request) bot.Message {
	m, g, err := a.seenIn(ctx, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "the crisis answer could not look up a country", "request", r, "error", err)
	}
	country, guessed := village.CountryFor(m, g)
	lines := a.lines(r, country)
	if guessed {
		lines.Footer = a.to(r, nil).LinesGuessed(a.Content.Crisis(country).Country.Name)
	}
	if inSpanish(r) {
		lines.Text = a.Content.Crisis(country).Spanish + "\n\n" + lines.Text
	}
	return a.withNotes(ctx, r, g, onCrisis, lines)
}

// inSpanish says whether somebody writes in Spanish, or has set their platform to it.
func inSpanish(r bot.Request) bool {
	if strings.HasPrefix(r.Locale, "es") || content.Spanish(r.Line) {
		return true
	}
	for _, said := range r.Args {
		if content.Spanish(said) {
			return true
		}
	}
	return false
}

// wordless answers a recording, a picture or a sticker: nobody knows what was said in
// it, so the way to people stands beside it.
func (a *App) wordless(_ context.Context, r bot.Request) (bot.Reply, error) {
	return bot.Say(a.to(r, nil).OnlyWords()), nil
}

// twoLines are the first two lines of somebody's country, and all that is known there.
func (a *App) twoLines(ctx context.Context, r bot.Request) (c content.Crisis, listen []words.Line) {
	known, g, err := a.seenIn(ctx, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "the lines beside an answer could not look up a country", "request", r, "error", err)
	}
	country, _ := village.CountryFor(known, g)
	c = a.Content.Crisis(country)
	for _, line := range c.Lines[:min(len(c.Lines), 2)] {
		listen = append(listen, crisisLine(line))
	}
	return c, listen
}

// twoLinesFor stands below an answer to words that may be a cry for help, and may not.
func (a *App) twoLinesFor(ctx context.Context, r bot.Request) bot.Message {
	c, listen := a.twoLines(ctx, r)
	m := a.to(r, nil).IfMore(listen, crisisLine(c.Emergency))
	if inSpanish(r) {
		m.Text = c.Spanish + "\n" + m.Text
	}
	return m
}

// seenIn is what is known of a person and of the group that they are in now.
func (a *App) seenIn(ctx context.Context, r bot.Request) (m village.Member, g village.Group, err error) {
	c, err := a.caller(ctx, r)
	if err != nil || c.AtHome() {
		return c.Member, c.Group, err
	}
	id := c.Member.Group
	if r.Workspace != "" {
		id = c.Place.Group
	}
	if id == "" {
		return c.Member, g, nil
	}
	if id, err = a.JoinedTo(ctx, id); err != nil {
		return c.Member, g, err
	}
	_, err = a.Read(ctx, records.GroupKey(id), &g)
	return c.Member, g, err
}

// screen looks for danger in what a person typed to the bot. It tells nobody
// else, and keeps nothing but what the finder made of a question, for its answer.
func (a *App) screen(r bot.Request, words string) (alarm bot.Alarm, found any) {
	inDanger, heard := a.listen(r, words)
	switch {
	case inDanger:
		return bot.InDanger, heard
	case heard.finding.WithLines:
		return bot.Uneasy, heard
	}
	return bot.NoAlarm, heard
}

// heard is a question and what the finder made of it.
type heard struct {
	question string
	finding  content.Finding
}

// listen says whether the words sound like danger, and what the finder made of a
// question. In an address or a note only the rules decide; likeness has nothing
// to compare directions with.
func (a *App) listen(r bot.Request, words string) (danger bool, last heard) {
	path, args := a.commandIn(r)
	if slices.Equal(path, []string{"checkin", "today"}) && args["how"] == string(village.HelpMe) {
		return true, last
	}
	free, asked := a.freeWords(r, path, args, words)
	if !asked {
		return slices.ContainsFunc(free, a.Content.Certain), last
	}
	for _, question := range free {
		if last = (heard{question, a.Content.Find(question)}); last.finding.Kind == content.KindCrisis {
			return true, last
		}
	}
	return false, last
}

// find is what the finder makes of a question, which it has mostly made already
// while the words were screened.
func (a *App) find(r bot.Request, question string) content.Finding {
	if h, ok := r.Heard.(heard); ok && h.question == question {
		return a.ear.Checked(question, h.finding)
	}
	return a.ear.Checked(question, a.Content.Find(question))
}

// freeWords is what a person said in words of their own: not our commands,
// codes and choices, nor a day and an hour, in which a "2" could be heard as a
// "to". What is not understood as a command is all theirs. Asked says
// whether they were telling or asking me something, rather than giving
// directions.
func (a *App) freeWords(r bot.Request, path []string, args map[string]string, words string) (free []string, asked bool) {
	if r.Line != "" && len(path) == 0 {
		return []string{words}, true
	}
	asked = len(path) == 0 || path[0] == "faq"
	for _, o := range bot.OptionsOf(a.Table(), path) {
		value := args[o.Name]
		code := o.Kind != bot.Words && o.Kind != bot.Time && !strings.ContainsAny(strings.TrimSpace(value), " \t\n")
		if value != "" && !code && (asked || !a.isTime(value)) {
			free = append(free, value)
		}
	}
	return free, asked
}

// commandIn is the command of a request and its arguments. What is not understood as a
// command is none.
func (a *App) commandIn(r bot.Request) (path []string, args map[string]string) {
	if r.Line == "" {
		return r.Path, r.Args
	}
	path, args, err := bot.ParseLine(a.Table(), r.Line)
	if err != nil || !strings.HasPrefix(strings.TrimSpace(r.Line), "/") {
		return nil, nil
	}
	return path, args
}

// isTime says whether words are a time, or as good as one.
func (a *App) isTime(words string) bool {
	if _, err := when.Repeat(words); err == nil {
		return true
	}
	_, err := when.Moments(words, a.Now(), time.UTC)
	var unclear *when.Error
	return err == nil || errors.As(err, &unclear) && unclear.Code != when.Unknown && unclear.Code != when.Vague && unclear.Code != when.Long && unclear.Code != when.Empty
}

// lines is the crisis answer. Where the country is not known, it has the first
// lines of each, so that nobody has to answer a question before they are helped.
func (a *App) lines(r bot.Request, country string) bot.Message {
	c := a.Content.Crisis(country)
	l := words.Lines{Country: c.Country.Name, Emergency: crisisLine(c.Emergency), Now: c.Now, Tell: c.Tell, Honest: c.Honest}
	for _, line := range c.Lines {
		l.Listen = append(l.Listen, crisisLine(line))
	}
	if c.Country.Code == content.International {
		for _, other := range a.Content.Countries() {
			if c := a.Content.Crisis(other.Code); other.Code != content.International && len(c.Lines) > 0 {
				l.Elsewhere = append(l.Elsewhere, words.LineOf{Country: other.Name, First: crisisLine(c.Lines[0]), Emergency: crisisLine(c.Emergency)})
			}
		}
	}
	if village.IsFamily(r.From.ID) {
		l.Tell = slices.DeleteFunc(slices.Clone(l.Tell), func(line string) bool { return understand.Veil(line, "") != line })
		return a.to(r, nil).Crisis(l, nil)
	}
	return a.to(r, nil).Crisis(l, a.countries())
}

func crisisLine(l content.Line) words.Line {
	return words.Line{Name: l.Name, Words: l.Words, Number: l.Number, Link: l.Link}
}

func (a *App) countries() []bot.Pick {
	var picks []bot.Pick
	for _, c := range a.Content.Countries() {
		picks = append(picks, bot.Pick{Label: c.Name, Value: c.Code})
	}
	return picks
}
