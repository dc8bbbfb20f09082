package handlers

import (
	"context"

	"village/bot"
	"village/content"
	"village/handlers/understand"
	"village/handlers/words"
)

// The parts of an answer that can be asked for; left out, an answer is its first two
// sentences, but where it is a matter of safety.
const partAll, partSources = "all", "sources"

// found is what a question is answered with. Danger by rule is answered with the
// lines alone; likeness to it never takes the place of an answer, and where there is
// none the lines come first.
func (a *App) found(ctx context.Context, r bot.Request, question string) bot.Reply {
	f := a.find(r, question)
	if f.Kind == content.KindCrisis {
		return bot.Reply{Messages: []bot.Message{a.linesFor(ctx, r)}, Crisis: true}
	}
	if f.Kind != content.KindAnswer {
		return a.withLines(ctx, r, f, a.unanswered(ctx, r, f))
	}
	t, _ := a.Content.Topic(f.Topics[0].ID)
	part := r.Arg("part")
	if part == "" && f.WithLines {
		part = partAll // what may be a cry for help is not answered in two sentences
	}
	reply := a.told(ctx, r, t, part)
	if f.WithLines && len(reply.Messages) == 1 {
		reply.Messages = append(reply.Messages, a.twoLinesFor(ctx, r))
	}
	return reply
}

// told is a topic's answer; the one on thoughts of suicide is never without the lines.
func (a *App) told(ctx context.Context, r bot.Request, t content.Topic, part string) bot.Reply {
	reply := bot.Say(a.withLocal(ctx, r, t.ID, a.answer(r, t, part)))
	if t.ID == content.SuicidalThoughts {
		reply.Messages = append(reply.Messages, a.linesFor(ctx, r))
	}
	return reply
}

// withLines puts two lines beside what is said to words that no topic answers, where
// they may be a cry for help: before it where they are likely to be one.
func (a *App) withLines(ctx context.Context, r bot.Request, f content.Finding, m bot.Message) bot.Reply {
	switch {
	case f.Danger:
		return bot.Reply{Messages: []bot.Message{a.twoLinesFor(ctx, r), m}}
	case f.WithLines:
		return bot.Reply{Messages: []bot.Message{m, a.twoLinesFor(ctx, r)}}
	}
	return bot.Say(m)
}

// unanswered is what is said to words that no topic surely answers.
func (a *App) unanswered(ctx context.Context, r bot.Request, f content.Finding) bot.Message {
	if f.Kind == content.KindRefuse {
		return a.refusal(r, f)
	}
	if len(r.Path) == 0 || f.None || len(f.Topics) == 0 { // whoever rests need not find better words
		if rest := a.restInstead(ctx, r); rest != nil {
			return *rest
		}
	}
	if len(f.Either) == 2 {
		return a.to(r, nil).BeforeOrAfter(f.Either[0], f.Either[1])
	}
	m := a.to(r, nil).Unsure(a.turn(r, "unsure"), a.nearest(f))
	if inSpanish(r) {
		m.Text = a.Content.UnsureInSpanish() + "\n\n" + m.Text
	}
	return m
}

// answer is a part of a topic's, as the reader is given it.
func (a *App) answer(r bot.Request, t content.Topic, part string) bot.Message {
	if to := a.to(r, nil); to.Language != nil {
		return a.topic(to, t, part)
	}
	return a.topics["faq "+t.ID+" "+part]
}

// topic is an answer, or a part of it, with where to read on.
func (a *App) topic(to words.Reader, t content.Topic, part string) bot.Message {
	answer := words.Answer{ID: t.ID, Title: t.Title, Body: t.Body, Own: t.Own, ReviewedBy: t.ReviewedBy}
	for _, s := range t.Sources {
		answer.Sources = append(answer.Sources, words.Source{Name: s.Name, Where: s.Where, Checked: s.Checked})
	}
	if part == partSources {
		return to.WhereFrom(answer)
	}
	related := a.related(t.Related)
	if t.ID == "finding-provider" || t.ID == "questions-to-ask" {
		related = append([]bot.Button{to.ProviderButton()}, related...)
	}
	if brief := t.Brief(); part == "" && brief != t.Body {
		answer.Body = brief
		return to.InBrief(answer, related[:min(len(related), 2)])
	}
	return to.Answered(answer, related)
}

// related are buttons to the first three topics.
func (a *App) related(ids []string) []bot.Button {
	var buttons []bot.Button
	for _, id := range ids[:min(len(ids), 3)] {
		if t, ok := a.Content.Topic(id); ok {
			buttons = append(buttons, topicButton(t))
		}
	}
	return buttons
}

func topicButton(t content.Topic) bot.Button {
	return bot.Button{Label: words.Clip(t.Title, 75), Command: "/faq " + t.ID}
}

func (a *App) refusal(r bot.Request, f content.Finding) bot.Message {
	to := a.to(r, nil)
	if first, ok := a.Content.Topic(f.Safety); ok {
		return to.SafetyThenRefused(first.Safety, words.Answer{Title: f.Refusal.Title, Body: f.Refusal.Body}, append([]bot.Button{topicButton(first)}, a.related(f.Refusal.Related)...))
	}
	return bot.Message{Title: f.Refusal.Title, Text: f.Refusal.Body, Footer: to.FromAPeer(), Buttons: a.related(f.Refusal.Related)}
}

// discreetly puts what must be said first before what is said to a helper, where it does not tell them what the appointment is.
func (a *App) discreetly(r bot.Request, f content.Finding, m bot.Message) bot.Message {
	first, ok := a.Content.Topic(f.Safety)
	if !ok || !understand.Discreet(first.Safety) {
		return m
	}
	return a.to(r, nil).SafetyFirst(first.Safety, m)
}

// nearest are the topics that come nearest to a question, if any is near.
func (a *App) nearest(f content.Finding) []bot.Button {
	if f.None {
		return nil
	}
	var ids []string
	for _, s := range f.Topics {
		ids = append(ids, s.ID)
	}
	return a.related(ids)
}

func (a *App) completeTopic(_ context.Context, _ bot.Request, typed string) []bot.Pick {
	var picks []bot.Pick
	for _, t := range a.Content.Suggest(typed, 10) {
		picks = append(picks, bot.Pick{Label: words.Clip(t.Title, 100), Value: t.ID})
	}
	return picks
}
