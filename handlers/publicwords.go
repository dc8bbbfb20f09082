package handlers

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// What everybody would read is looked at before it is posted. Where it gives something
// away, it waits for one tap: nothing is posted meanwhile, and nothing is lost.

// publicOptions are the options of a command that everybody reads.
func publicOptions(cmd *bot.Command) (names []string) {
	for _, o := range cmd.Options {
		if o.Read == bot.Everybody {
			names = append(names, o.Name)
		}
	}
	return names
}

// hasPrivatePart says whether what everybody must not read has a place in a command.
func hasPrivatePart(cmd *bot.Command) bool {
	return slices.ContainsFunc(cmd.Options, func(o bot.Option) bool { return o.Name == "details" })
}

// The answers to what is asked before posting.
const (
	postPrivately = "private"
	postAsItIs    = "public"
	postChanged   = "form"
)

// screened has every command of a table look at what everybody would read before it
// runs. above is what stands before their names.
func (a *App) screened(table []bot.Command, above string) []bot.Command {
	for i := range table {
		cmd := &table[i]
		path := strings.TrimSpace(above + " " + cmd.Name)
		cmd.Subs = a.screened(cmd.Subs, path)
		if len(publicOptions(cmd)) > 0 {
			a.posts[path] = cmd.Run
			cmd.Run = a.publicly(cmd.Run)
		}
	}
	return table
}

// publicly looks at what everybody would read before a command runs.
func (a *App) publicly(run bot.Handler) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		if err := a.swallowed(r); err != nil {
			return bot.Reply{}, err
		}
		parts, err := a.givenAway(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		if len(parts) == 0 {
			return run(ctx, r)
		}
		return a.holdBack(ctx, r, parts)
	}
}

// swallowed refuses an option of another command that has become a part of what
// everybody reads, such as "days: mon" behind a place.
func (a *App) swallowed(r bot.Request) error {
	cmd := bot.Find(a.table, r.Path)
	if !hasPrivatePart(cmd) {
		return nil
	}
	for _, option := range publicOptions(cmd) {
		for _, word := range strings.Fields(r.Arg(option)) {
			name, is := strings.CutSuffix(strings.ToLower(word), ":")
			if is && slices.Contains(otherOptions(), name) && !slices.ContainsFunc(cmd.Options, func(o bot.Option) bool { return o.Name == name }) {
				return a.to(r, nil).NoSuchOption(name, cmd.Example)
			}
		}
	}
	return nil
}

// otherOptions are options of other requests, and what people take for one.
func otherOptions() []string {
	return []string{"days", "weeks", "seats", "drivers", "helpers", "hidden", "anonymous", "private", "secret", "children", "kids", "child-seats", "until", "phone", "address", "details", "when", "note", "to", "from", "where"}
}

// givenAway are the options whose words give something away, in two halves. What
// stands there already is not looked at again.
func (a *App) givenAway(ctx context.Context, r bot.Request) (map[string]village.Parted, error) {
	parts := map[string]village.Parted{}
	for _, option := range publicOptions(bot.Find(a.table, r.Path)) {
		if p := village.Part(r.Arg(option), unasked(r)...); len(p.Why) > 0 {
			parts[option] = p
		}
	}
	if len(parts) == 0 || strings.Join(r.Path, " ") != "need change" {
		return parts, nil
	}
	_, n, err := a.findNeed(ctx, r)
	for option, is := range map[string]string{"place": n.From, "to": n.To, "note": n.Note} {
		if strings.TrimSpace(r.Arg(option)) == is {
			delete(parts, option)
		}
	}
	return parts, err
}

// unasked is what words may give away without a question: moderators hear of a medicine
// in a channel's reminder when it is set, a note stands beside answers about medicines,
// and one beside the crisis lines is a number to ring.
func unasked(r bot.Request) []village.Reveals {
	switch {
	case r.Path[0] == "local" && strings.EqualFold(r.Arg("topic"), onCrisis):
		return []village.Reveals{village.RevealsMedicine, village.RevealsPhone}
	case r.Path[0] == "local", r.Path[0] == "reminders":
		return []village.Reveals{village.RevealsMedicine}
	}
	return nil
}

// holdBack keeps a command as it was typed, and asks what is to become of it.
func (a *App) holdBack(ctx context.Context, r bot.Request, parts map[string]village.Parted) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, err := village.NewID(a.Random)
	if err != nil {
		return bot.Reply{}, err
	}
	h := records.Held{ID: id, Path: r.Path, Args: r.Args, Submitted: r.Submitted, At: a.Now().UTC()}
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		t.PutHeld(r.From.ID, h)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	cmd := bot.Find(a.table, r.Path)
	var held []words.HeldBack
	for _, option := range publicOptions(cmd) {
		if p, ok := parts[option]; ok {
			held = append(held, words.HeldBack{Option: option, Parted: p})
		}
	}
	if !hasPrivatePart(cmd) {
		return bot.Say(a.to(r, nil).BeforeAll(id, held, cmd.Form != "")), nil
	}
	return bot.Say(a.to(r, nil).BeforePosting(g, id, held, a.fits(r, parts))), nil
}

// fits says whether what is moved still fits the private part.
func (a *App) fits(r bot.Request, parts map[string]village.Parted) bool {
	length := len([]rune(r.Arg("details")))
	for _, p := range parts {
		length += len([]rune(p.Private)) + len("; ")
	}
	return length <= village.MaxDetails
}

// needPost does what was held back: with what gives something away in the private part,
// as it is, or once more with the form.
func (a *App) needPost(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var h records.Held
	var run bot.Handler
	var cmd *bot.Command
	take := r.Arg("how") != postChanged
	err := a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		h = records.Held{}
		key := records.HeldKey(r.From.ID, r.Arg("held"))
		if err := t.Get(key, &h); err != nil {
			return err
		}
		run, cmd = a.posts[strings.Join(h.Path, " ")], bot.Find(a.table, h.Path)
		switch {
		case run == nil || cmd == nil:
			return a.to(r, nil).NothingHeld()
		case cmd.Who == bot.Moderators && !r.From.Moderator:
			return bot.NotAllowed(r)
		case take:
			t.Remove(key) // so that two taps post once
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	how := r.Arg("how")
	r.Line, r.Path, r.Args, r.Submitted = "", h.Path, maps.Clone(h.Args), h.Submitted
	if how != postAsItIs && hasPrivatePart(cmd) {
		if err := a.moveWords(ctx, &r); err != nil {
			return bot.Reply{}, err
		}
	}
	if how == postChanged {
		return a.formOf(ctx, r)
	}
	reply, err := run(ctx, r)
	if err != nil || reply.Code != "" { // nothing was posted, and nothing is lost
		err = errors.Join(err, a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
			if err := t.Get(records.HeldKey(r.From.ID, h.ID), &records.Held{}); err != nil {
				return err
			}
			t.PutHeld(r.From.ID, h)
			return nil
		}))
	}
	return reply, err
}

// formOf is the form of what was held back.
func (a *App) formOf(ctx context.Context, r bot.Request) (bot.Reply, error) {
	switch strings.Join(r.Path, " ") {
	case "need change":
		_, n, err := a.findNeed(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Form: a.changeForm(n, r)}, nil
	case "session change":
		_, c, err := a.findCourse(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Form: a.replanForm(c, r)}, nil
	}
	return bot.Reply{Form: bot.FormWith(bot.Find(a.table, r.Path), r.Path, r.Args)}, nil
}

// moveWords moves what gives something away from what everybody reads to the private
// part, behind what stands there.
func (a *App) moveWords(ctx context.Context, r *bot.Request) error {
	parts, err := a.givenAway(ctx, *r)
	if err != nil {
		return err
	}
	private := r.Arg("details")
	if private == "" {
		if private, err = a.privateBefore(ctx, *r); err != nil {
			return err
		}
	}
	if private == words.None {
		private = ""
	}
	for _, option := range publicOptions(bot.Find(a.table, r.Path)) {
		p, ok := parts[option]
		if !ok {
			continue
		}
		private = strings.TrimPrefix(private+"; "+p.Private, "; ")
		r.Args[option] = p.Public
		switch {
		case p.Public != "":
		case option != "note" && option != "collect":
			r.Args[option] = a.to(*r, nil).ToldInPrivate()
		case r.Path[0] == "need":
			r.Args[option] = words.None
		default:
			delete(r.Args, option)
		}
	}
	r.Args["details"] = private
	return nil
}

// privateBefore is what stands in the private part of what is changed.
func (a *App) privateBefore(ctx context.Context, r bot.Request) (string, error) {
	switch strings.Join(r.Path, " ") {
	case "need change":
		g, n, err := a.findNeed(ctx, r)
		if err != nil {
			return "", err
		}
		return a.details(ctx, a.to(r, nil), g.ID, n)
	case "session change":
		g, c, err := a.findCourse(ctx, r)
		if err != nil || !c.Private {
			return "", err
		}
		var d records.SealedDetails
		if rev, err := a.Read(ctx, records.PlanDetailsKey(g.ID, c.ID), &d); err != nil || rev == 0 {
			return "", err
		}
		return a.Keyring.Open(d.Sealed, g.ID, c.ID, "details")
	}
	return "", nil
}
