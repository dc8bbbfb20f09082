package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
)

// mostPicks is how many answers are offered to somebody who has left one out.
const mostPicks = 8

// picks offers the command once for each thing that the one code it still needs
// can stand for, so that nobody has to look it up. What is private does not go
// on a button.
func (b *Bot) picks(ctx context.Context, cmd *Command, r Request, o Option) []Button {
	private := slices.ContainsFunc(cmd.Options, func(o Option) bool { return o.Private && r.Args[o.Name] != "" })
	if o.Kind != Ref || o.Complete == nil || private {
		return nil
	}
	var picks []Pick
	b.guard(ctx, r, func() { picks = o.Complete(ctx, r, "") })
	var out []Button
	for _, p := range picks {
		args := maps.Clone(r.Args)
		args[o.Name] = p.Value
		if line := b.FormatLine(r.Path, args); len(line) <= MaxLine && len(out) < mostPicks {
			out = append(out, Button{Label: clip(strings.TrimSpace(strings.TrimPrefix(p.Label, p.Value)), 75), Command: line})
		}
	}
	return out
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
// asks for everything once more, filled in with what was said.
func formFor(cmd *Command, r Request, again bool) *Form {
	if cmd.Form == "" {
		return nil
	}
	f := &Form{Title: cmd.Form, Intro: cmd.Summary, Path: r.Path, Args: map[string]string{}}
	add := func(want func(o Option) bool) {
		for _, o := range cmd.Options {
			if len(f.Fields) < maxFormFields && want(o) {
				f.Fields = append(f.Fields, FormField{Option: o, Value: r.Args[o.Name]})
			}
		}
	}
	given := func(o Option) bool { return r.Args[o.Name] != "" && !again }
	add(func(o Option) bool { return o.Required && !given(o) })
	add(func(o Option) bool { return !o.Required && !given(o) })
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
	return formFor(cmd, Request{Path: path, Args: args}, true)
}
