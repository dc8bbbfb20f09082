package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// needMove changes when a need is. Whoever said yes is asked again.
func (a *App) needMove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone := village.ZoneNamed(n.Zone)
	start, err := a.movedTo(r, "when", n.Start, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	end, err := a.until(r, start, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	_, n, err = a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed, err := n.Move(r.From.ID, r.From.Moderator, start, end, a.Now())
		if err != nil || len(owed) == 0 {
			return after, owed, err
		}
		return after, owed, a.KeepDetails(t, g, after, "")
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, zone).Moved(n)), nil
}

// changeOptions are what can be different about a request. On its form they
// are called what they are for its kind.
func changeOptions(k village.Kind) []bot.Option {
	place := bot.Option{Name: "place", Label: "Where (everybody can read this)", Hint: "near Union Station", Summary: "Where, or from where, roughly; everybody in the group can read it", Max: village.MaxPlace, Read: bot.Everybody}
	if k.Travels() {
		place.Label = "From where (everybody can read this)"
	}
	to := bot.Option{Name: "to", Label: "To where (everybody can read this)", Hint: "the west side", Summary: "To where, roughly; everybody in the group can read it; - takes it away", Max: village.MaxPlace, Read: bot.Everybody}
	note := bot.Option{Name: "note", Label: "A word to everybody", Hint: "I may be sleepy", Summary: "A word that everybody in the group may read; - takes it away", Max: village.MaxNote, Read: bot.Everybody}
	details := bot.Option{Name: "details", Label: "Private: other ones, or - for none", Hint: "Leave empty to keep what you wrote", Summary: "Other private details, for your helper alone; - takes them away", Max: village.MaxDetails, Long: true, Private: true}
	if k.WithChildren() {
		place.Label, to.Label = "Where (no names of schools or children)", "To where (no names of schools)"
	}
	return []bot.Option{place, to, note, details,
		{Name: "seats", Label: "How many people need a seat", Summary: "How many people need a seat; 0 when that doesn't matter", Kind: bot.Number, Min: 0, Max: 7},
		{Name: "children", Label: "How many children", Summary: "How many children", Kind: bot.Number, Min: 0, Max: 8},
		{Name: "child-seats", Summary: "How many child seats the car needs", Kind: bot.Number, Min: 0, Max: 8},
		{Name: "helpers", Summary: "How many people could help", Kind: bot.Number, Min: 1, Max: village.MaxWanted}}
}

// changeForm is the form for one request, filled in with how it is now. The
// private details are not: what was written for the helper stays sealed.
func (a *App) changeForm(n village.Need, r bot.Request) *bot.Form {
	shown := []string{"place", "note", "details"}
	switch {
	case n.Kind.WithChildren():
		shown = append(shown, "children")
	case n.Kind.IsRide():
		shown = append(shown, "seats")
	}
	if n.Kind.Travels() {
		shown = append(shown, "to")
	}
	f := a.to(r, nil).ChangeForm(n)
	f.Path, f.Args = r.Path, map[string]string{"need": n.ID}
	now := map[string]string{"place": n.From, "to": n.To, "note": n.Note, "seats": words.Number(n.Seats), "children": words.Number(n.Children)}
	for _, o := range changeOptions(n.Kind) {
		if !slices.Contains(shown, o.Name) {
			continue
		}
		value := now[o.Name]
		if typed := r.Arg(o.Name); typed != "" {
			value = typed
		}
		f.Fields = append(f.Fields, bot.FormField{Option: o, Value: value})
	}
	for name, value := range r.Args { // what has no place on the form travels along
		if !slices.ContainsFunc(f.Fields, func(field bot.FormField) bool { return field.Name == name }) {
			f.Args[name] = value
		}
	}
	return &f
}

// editOf reads what is to be different. What was emptied on a form that had it
// filled in is taken away; only the form sends the place along every time.
func editOf(n village.Need, r bot.Request) village.Edit {
	var e village.Edit
	emptied := r.Submitted && r.Arg("place") != ""
	edited := func(option, now string, to **string) {
		switch typed := strings.TrimSpace(r.Arg(option)); {
		case typed == words.None, typed == "" && emptied && now != "":
			*to = new("")
		case typed != "":
			*to = &typed
		}
	}
	edited("place", "", &e.From)
	edited("to", n.To, &e.To)
	edited("note", n.Note, &e.Note)
	for option, to := range map[string]**int{"seats": &e.Seats, "children": &e.Children, "child-seats": &e.ChildSeats, "helpers": &e.Wanted} {
		if r.Arg(option) != "" {
			*to = new(number(r, option))
		}
	}
	if typed := strings.TrimSpace(r.Arg("details")); typed != "" {
		e.Details = new(typed != words.None)
	}
	return e
}

// needChange changes everything about a request but its time. Whoever is
// concerned is told; where it matters to them, they are asked.
func (a *App) needChange(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, _, err := n.Change(r.From.ID, r.From.Moderator, village.Edit{}, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	if len(r.Args) == 1 && !r.Submitted {
		return bot.Reply{Form: a.changeForm(n, r)}, nil
	}
	var was village.Need
	_, n, err = a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		was = n
		e := editOf(n, r)
		if e.Opened, err = a.Openers(t, g.ID, n); err != nil {
			return n, nil, err
		}
		after, owed, err := n.Change(r.From.ID, r.From.Moderator, e, a.Now())
		if err != nil || len(owed) == 0 || e.Details == nil {
			return after, owed, err
		}
		return after, owed, a.PutDetails(t, g, after, strings.TrimSpace(r.Arg("details")))
	})
	if err != nil {
		return misread(err, a.changeForm(n, r))
	}
	return bot.Say(a.to(r, nil).Changed(was, n)), nil
}

// misread says what was wrong with a form, which stays open.
func misread(err error, form *bot.Form) (bot.Reply, error) {
	var mistake interface {
		Person() (code, say, hint string)
	}
	if !errors.As(err, &mistake) || village.IsCode(err, village.CodeNotYours) || village.IsCode(err, village.CodeNoSuchNeed) {
		return bot.Reply{}, err
	}
	code, say, hint := mistake.Person()
	text := bot.Literal(say)
	if hint != "" {
		text += "\n\n" + bot.Literal(hint)
	}
	return bot.Reply{Code: code, Form: form, Messages: []bot.Message{{Text: text, Tone: bot.Asking}}}, nil
}
