package handlers

import (
	"context"
	"slices"
	"strings"

	"village/bot"
	"village/content"
	"village/handlers/understand"
	"village/handlers/words"
)

// faq answers a question, names the nearest topics when it is not sure, and
// shows the shelves when nothing was asked.
func (a *App) faq(ctx context.Context, r bot.Request) (bot.Reply, error) {
	question := r.Arg("question")
	if question == "" {
		return a.shelves(r), nil
	}
	if shelf, ok := a.shelf(r, question); ok {
		return shelf, nil
	}
	if t, ok := a.Content.Topic(strings.ToLower(question)); ok {
		return a.told(ctx, r, t, r.Arg("part")), nil
	}
	if f := a.find(r, question); f.Kind != content.KindCrisis {
		if reply, ok := a.beforeAnswering(ctx, r, question, f.WithLines); ok {
			return reply, nil
		}
	}
	return a.beside(ctx, r, question, a.found(ctx, r, question)), nil
}

// beside puts what a question wants done, where it does, before the buttons of its
// answer.
func (a *App) beside(ctx context.Context, r bot.Request, question string, reply bot.Reply) bot.Reply {
	reading, ok := a.ear.Order(understand.Heard{Words: question})
	if !ok || reading.Kind != understand.Command || reply.Crisis {
		return reply
	}
	var buttons []bot.Button
	for _, thing := range reading.Do[:min(len(reading.Do), 2)] {
		line := thing.Line(a.Table())
		if len(line) > bot.MaxLine {
			line = "/" + thing.Name()
		}
		buttons = append(buttons, bot.Button{Label: a.thingLabel(ctx, r, thing, ""), Command: line, Style: bot.Primary})
	}
	reply.Messages = slices.Clone(reply.Messages)
	m := &reply.Messages[0]
	m.Buttons, m.Page = append(buttons, m.Buttons...), ""
	return reply
}

// shelves is /faq alone: what can be asked about.
func (a *App) shelves(r bot.Request) bot.Reply {
	var shelves []bot.Button
	for _, c := range a.Content.Categories() {
		shelves = append(shelves, bot.Button{Label: c.Title, Command: "/faq " + c.ID})
	}
	return bot.Say(a.to(r, nil).Shelves(shelves))
}

// shelf is the topics of one category.
func (a *App) shelf(r bot.Request, id string) (bot.Reply, bool) {
	for _, c := range a.Content.Categories() {
		if !strings.EqualFold(c.ID, id) {
			continue
		}
		var questions []bot.Pick
		for _, topic := range c.Topics {
			if t, ok := a.Content.Topic(topic); ok {
				questions = append(questions, bot.Pick{Label: words.Clip(t.Title, 75), Value: t.ID})
			}
		}
		return bot.Say(a.to(r, nil).Shelf(c.Title, questions[:min(len(questions), 25)])), true
	}
	return bot.Reply{}, false
}
