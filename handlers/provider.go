package handlers

import (
	"context"

	"village/bot"
	"village/handlers/words"
)

// Which half of the list for choosing a provider is shown.
const (
	providerChecks    = "checks"
	providerQuestions = "questions"
)

func (a *App) providerCommand() bot.Command {
	return bot.Command{Name: "provider", Summary: "Choosing who looks after you: what to check, and what to ask", Example: "/provider questions", Who: bot.Anyone, Run: a.provider,
		Options: []bot.Option{{Name: "show", Summary: "What to check, or what to ask them", Kind: bot.Choice, Choices: []bot.Pick{
			{Label: "What to check", Value: providerChecks}, {Label: "What to ask", Value: providerQuestions}}}}}
}

// provider is the list of what to check before choosing who looks after one, and of
// what to ask them.
func (a *App) provider(_ context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("provider")
	kind := "check"
	if r.Arg("show") == providerQuestions {
		kind = "ask"
	}
	var points []words.Point
	for _, c := range deck.Cards {
		if c.Kind == kind {
			points = append(points, words.Point{Text: c.Text, Why: c.Why})
		}
	}
	return bot.Say(a.to(r, nil).Provider(deck.Title, deck.About, kind == "ask", points)), nil
}
