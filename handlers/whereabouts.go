package handlers

import (
	"context"
	"maps"
	"slices"

	"village/bot"
	"village/handlers/understand"
)

// whereAsked is the field of a form that asks roughly where, when that is all it still has
// to know. Help with a plan is asked for around a place, too. It is nil where more is
// missing, or something else.
func whereAsked(f *bot.Form) *bot.FormField {
	helps := slices.ContainsFunc(f.Fields, func(x bot.FormField) bool { return x.Name == "help" && x.Value != "" })
	var where *bot.FormField
	for i, x := range f.Fields {
		if x.Value != "" || !x.Required && !(helps && x.Name == "area") {
			continue
		}
		if where != nil || !slices.Contains([]string{"area", "where", "from"}, x.Name) {
			return nil
		}
		where = &f.Fields[i]
	}
	return where
}

// inForm offers a form that is filled in as far as somebody's words go. Where it has to know
// no more than a place, that can be said in words.
func (a *App) inForm(r bot.Request, label string, f *bot.Form) bot.Reply {
	to := a.to(r, nil)
	if whereAsked(f) != nil {
		return bot.Reply{Messages: []bot.Message{to.OfferedWhere(label)}, Form: f}
	}
	return bot.Reply{Messages: []bot.Message{to.OfferedForm(label, nil)}, Form: f}
}

// whereInWords takes words for the place that somebody was just asked for. It is false
// where none was asked for, or the words say something else.
func (a *App) whereInWords(ctx context.Context, r bot.Request, c choice, reading understand.Reading) (bot.Reply, bool, error) {
	if c.form == nil {
		return bot.Reply{}, false, nil
	}
	where := whereAsked(c.form)
	if where != nil && understand.NoIdea(r.Arg("words")) {
		return bot.Reply{Messages: []bot.Message{a.to(r, nil).WhereRoughly()}, Form: c.form}, true, nil
	}
	place, ok := understand.Place(r.Arg("words"), reading)
	if where == nil || !ok {
		return bot.Reply{}, false, nil
	}
	args := map[string]string{}
	maps.Copy(args, c.form.Args)
	for _, x := range c.form.Fields {
		if x.Value != "" {
			args[x.Name] = x.Value
		}
	}
	args[where.Name] = place
	thing := understand.Thing{Path: c.form.Path, Args: args}
	if thing.Name() == "session add" { // which shows the plan, and keeps nothing yet
		reply, err := a.carryOut(ctx, r, thing.Line(a.Table()))
		return reply, true, err
	}
	offer := a.offers(ctx, r, []understand.Thing{thing})
	if len(offer.buttons) == 0 {
		return bot.Reply{}, false, nil
	}
	return bot.Reply{Messages: []bot.Message{a.to(r, nil).Offered(a.turn(r, "offered"), offer.buttons)}, Form: offer.form}, true, nil
}
