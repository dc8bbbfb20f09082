package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// mostPicks is how many answers are offered to somebody who has left one out.
const mostPicks = 8

// picks offers the command once for each thing that words for the one code it still
// needs can stand for, so that nobody has to look it up; no words stand for all. What
// is private does not go on a button.
func (b *Bot) picks(ctx context.Context, cmd *Command, r Request, o Option, words string) []Button {
	private := slices.ContainsFunc(cmd.Options, func(o Option) bool { return o.Private && r.Args[o.Name] != "" })
	if o.Kind != Ref || o.Complete == nil || private {
		return nil
	}
	var out []Button
	for _, p := range b.complete(ctx, r, o, words) {
		args := maps.Clone(r.Args)
		args[o.Name] = p.Value
		if line := b.FormatLine(r.Path, args); len(line) <= MaxLine && len(out) < mostPicks {
			out = append(out, Button{Label: clip(p.Label, 75), Command: line})
		}
	}
	return out
}

func (b *Bot) complete(ctx context.Context, r Request, o Option, words string) (picks []Pick) {
	b.guard(ctx, r, func() { picks = o.Complete(ctx, r, words) })
	return picks
}

// findNamed puts codes in the place of words that somebody said for them, and the one
// thing that there is in the place of none.
func (b *Bot) findNamed(ctx context.Context, cmd *Command, r *Request) error {
	for i, o := range cmd.Options {
		words := r.Args[o.Name]
		if o.Kind != Ref || o.Complete == nil || words != "" && !o.byWords(words) || words == "" && !o.Alone {
			continue
		}
		found := b.complete(ctx, *r, o, words)
		next := Option{}
		if i+1 < len(cmd.Options) {
			next = cmd.Options[i+1]
		}
		switch {
		case len(found) == 1:
			r.Args[o.Name] = found[0].Value
		case words == "":
		case len(found) > 1:
			return whichOne(fmt.Sprintf("Which one do you mean by “%s”?", clip(words, 40)), b.picks(ctx, cmd, *r, o, words))
		case next.Kind == Time && r.Args[next.Name] == "": // "move friday 2pm" says when, and not what
			r.Args[next.Name] = words
			delete(r.Args, o.Name)
			return b.findNamed(ctx, cmd, r)
		default:
			return whichOne(fmt.Sprintf("I can't find “%s” there.", clip(words, 40)), b.picks(ctx, cmd, *r, o, ""))
		}
	}
	return nil
}

// whichOne is a refusal that offers what there is to choose from.
func whichOne(say string, buttons []Button) error {
	e := &Error{Code: CodeOptionMissing, Say: say, Hint: "Please choose.", Buttons: buttons}
	if len(buttons) == 0 {
		e.Hint = "A name, a day or a place is enough, and so is its code."
	}
	return e
}

// withExample gives a refusal that does not say what to do next the command's
// example.
func withExample(err error, cmd *Command) error {
	var e *Error
	if errors.As(err, &e) && e.Hint == "" {
		e.Hint = "For example: " + cmd.Example
	}
	return err
}

// formFor asks for what is not known yet, required options first; again, it
// asks for everything once more, filled in with what was said, and above all for what
// puts a refusal (a code; "" for none) right.
func formFor(cmd *Command, r Request, again bool, code string) *Form {
	if cmd.Form == "" {
		return nil
	}
	f := &Form{Title: cmd.Form, Intro: cmd.Summary, Path: r.Path, Args: map[string]string{}}
	add := func(want func(o Option) bool) {
		for _, o := range cmd.Options {
			if o.mends(code) {
				o.Several = nil // what was ticked did not say enough
			}
			asked := slices.ContainsFunc(f.Fields, func(x FormField) bool { return x.Name == o.Name })
			if len(f.Fields) < maxFormFields && want(o) && !asked {
				f.Fields = append(f.Fields, FormField{Option: o, Value: r.Args[o.Name]})
			}
		}
	}
	given := func(o Option) bool { return r.Args[o.Name] != "" && !again }
	add(func(o Option) bool { return o.Required && !given(o) })
	add(func(o Option) bool { return o.mends(code) })
	add(func(o Option) bool { return again && r.Args[o.Name] != "" })
	add(func(o Option) bool { return !o.Required && !given(o) })
	place := func(x FormField) int {
		return slices.IndexFunc(cmd.Options, func(o Option) bool { return o.Name == x.Name })
	}
	slices.SortStableFunc(f.Fields, func(x, y FormField) int { return place(x) - place(y) })
	for name, value := range r.Args {
		f.Args[name] = value
	}
	for _, field := range f.Fields {
		delete(f.Args, field.Name)
	}
	return f
}

// FormWith is the form of a command with everything that is known filled in, or nil
// where it has none.
func FormWith(cmd *Command, path []string, args map[string]string) *Form {
	return formFor(cmd, Request{Path: path, Args: args}, true, "")
}

// AgainLabel is what stands on the button of a form below messages, where it cannot open
// over them: what was refused is tried again, and what is offered can be changed.
func AgainLabel(r Reply) string {
	if r.Code != "" {
		return "Try again"
	}
	return "Change it"
}

// mends says whether this option is what a refusal (a code) was about.
func (o Option) mends(code string) bool { return code != "" && slices.Contains(o.Mends, code) }
