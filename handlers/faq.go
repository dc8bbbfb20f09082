package handlers

import (
	"context"
	"fmt"
	"strings"

	"village/bot"
	"village/content"
	"village/handlers/words"
)

// faq answers a question, names the nearest topics when it is not sure, and
// shows the shelves when nothing was asked.
func (a *App) faq(ctx context.Context, r bot.Request) (bot.Reply, error) {
	question := r.Arg("question")
	if question == "" {
		return a.shelves(), nil
	}
	if shelf, ok := a.shelf(question); ok {
		return shelf, nil
	}
	if t, ok := a.Content.Topic(strings.ToLower(question)); ok {
		return bot.Say(a.withLocal(ctx, r, t.ID, a.topics[t.ID])), nil
	}
	return a.found(ctx, r, question), nil
}

// direct answers words that were sent to the bot without a command: they are a
// question.
func (a *App) direct(ctx context.Context, r bot.Request) (bot.Reply, error) {
	words := r.Arg("words")
	if words == "" {
		return a.help(ctx, r)
	}
	return a.found(ctx, r, words), nil
}

func (a *App) found(ctx context.Context, r bot.Request, question string) bot.Reply {
	f := a.find(r, question)
	switch f.Kind {
	case content.KindCrisis:
		return bot.Reply{Messages: []bot.Message{a.linesFor(ctx, r)}, Crisis: true}
	case content.KindRefuse:
		return bot.Say(a.refusal(f))
	case content.KindAnswer:
		t, _ := a.Content.Topic(f.Topics[0].ID)
		reply := bot.Say(a.withLocal(ctx, r, t.ID, a.topics[t.ID]))
		if f.WithLines {
			reply.Messages = append(reply.Messages, a.linesFor(ctx, r))
		}
		return reply
	}
	if f.None || len(f.Topics) == 0 {
		if rest := a.restInstead(ctx, r); rest != nil {
			return bot.Say(*rest)
		}
	}
	return bot.Say(a.unsure(f))
}

// topic is an answer with where it comes from and where to read on.
func (a *App) topic(t content.Topic) bot.Message {
	m := bot.Message{Title: t.Title, Text: t.Body, Footer: answerFooter(t), Page: "faq " + t.ID}
	var sources []string
	for _, s := range t.Sources {
		sources = append(sources, fmt.Sprintf("- %s (%s), checked %s", bot.Literal(s.Name), bot.Literal(s.Where), s.Checked.Format("2 January 2006")))
	}
	if len(sources) > 0 {
		m.Fields = append(m.Fields, bot.Field{Name: "Where this comes from", Value: strings.Join(sources, "\n")})
	}
	for _, id := range t.Related[:min(len(t.Related), 3)] {
		if related, ok := a.Content.Topic(id); ok {
			m.Buttons = append(m.Buttons, topicButton(related))
		}
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "This is wrong or unclear", Command: "/wrong " + t.ID})
	return m
}

func answerFooter(t content.Topic) string {
	footer := "From one peer to another, not medical advice. "
	if t.Own {
		footer = "Your group's own words, not medical advice. "
	}
	if t.ReviewedBy != "" {
		return footer + "Reviewed by " + bot.Literal(t.ReviewedBy) + "."
	}
	return footer + "No clinician has reviewed this yet."
}

func topicButton(t content.Topic) bot.Button {
	return bot.Button{Label: words.Clip(t.Title, 75), Command: "/faq " + t.ID}
}

func (a *App) refusal(f content.Finding) bot.Message {
	m := bot.Message{Title: f.Refusal.Title, Text: f.Refusal.Body, Footer: "From one peer to another, not medical advice."}
	for _, id := range f.Refusal.Related[:min(len(f.Refusal.Related), 3)] {
		if t, ok := a.Content.Topic(id); ok {
			m.Buttons = append(m.Buttons, topicButton(t))
		}
	}
	return m
}

// unsure says so, with the nearest topics: a wrong answer said with confidence
// is worse than none.
func (a *App) unsure(f content.Finding) bot.Message {
	m := bot.Message{Title: "I am not sure", Tone: bot.Asking,
		Text: "I am not sure what you mean, and I would rather say so than guess. Is it one of these?"}
	for _, s := range f.Topics[:min(len(f.Topics), 3)] {
		if t, ok := a.Content.Topic(s.ID); ok {
			m.Buttons = append(m.Buttons, topicButton(t))
		}
	}
	if f.None || len(m.Buttons) == 0 {
		m.Title, m.Buttons = "I don't have that", nil
		m.Text = "I don't think I have an answer to that. I know about getting ready, rides, the days after and looking after yourself.\n\nIf it is about your health, please ask your clinic or your own doctor."
	}
	// Danger said sideways is what the finder hears worst, and it is not understood as anything else either: the lines must be near.
	m.Buttons = append(m.Buttons, bot.Button{Label: "See all topics", Command: "/faq"},
		bot.Button{Label: "I need to talk to somebody now", Command: "/crisis"})
	return m
}

// shelves is /faq alone: what can be asked about.
func (a *App) shelves() bot.Reply {
	m := bot.Message{Title: "What would you like to know?",
		Text: "Ask in any words, like " + bot.Literal("“/faq can I drive home after”") + ". Only you see the answer. Or look around:"}
	for _, c := range a.Content.Categories() {
		m.Buttons = append(m.Buttons, bot.Button{Label: c.Title, Command: "/faq " + c.ID})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "I need to talk to somebody now", Command: "/crisis", Style: bot.Danger})
	return bot.Say(m)
}

// shelf is the topics of one category.
func (a *App) shelf(id string) (bot.Reply, bool) {
	for _, c := range a.Content.Categories() {
		if !strings.EqualFold(c.ID, id) {
			continue
		}
		menu := bot.Menu{Label: "Choose a question", Command: "/faq"}
		for _, topic := range c.Topics {
			if t, ok := a.Content.Topic(topic); ok {
				menu.Picks = append(menu.Picks, bot.Pick{Label: words.Clip(t.Title, 75), Value: t.ID})
			}
		}
		menu.Picks = menu.Picks[:min(len(menu.Picks), 25)]
		return bot.Say(bot.Message{Title: c.Title, Text: "Which question is yours?", Menus: []bot.Menu{menu},
			Buttons: []bot.Button{{Label: "All topics", Command: "/faq"}}}), true
	}
	return bot.Reply{}, false
}

func (a *App) completeTopic(_ context.Context, _ bot.Request, typed string) []bot.Pick {
	var picks []bot.Pick
	for _, t := range a.Content.Suggest(typed, 10) {
		picks = append(picks, bot.Pick{Label: words.Clip(t.Title, 100), Value: t.ID})
	}
	return picks
}
