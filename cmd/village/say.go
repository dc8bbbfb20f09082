package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"village/handlers"
	"village/handlers/understand"
)

// saying is how words are understood, for other programs to read.
type saying struct {
	Kind     string   `json:"kind"`
	Commands []string `json:"commands"`
	Topics   []string `json:"topics"`
	Lines    bool     `json:"lines"`
}

// say prints how words are understood, without carrying anything out.
func (p *program) say(_ context.Context, args []string) error {
	f := p.flags("say", "say [-json] [-as member|helper|moderator] WORDS, or - for one sentence a line")
	asJSON := f.Bool("json", false, "print one JSON object a sentence")
	as := f.String("as", "member", "who says it: member, helper or moderator")
	if err := parse(f, args, 1, 1000); err != nil {
		return err
	}
	role, known := map[string]understand.Role{"member": understand.Member, "helper": understand.Helper, "moderator": understand.Moderator}[*as]
	if !known {
		return errUsage{fmt.Errorf("-as %q is nobody I know. There are three: member, helper and moderator", *as)}
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	app := handlers.New(handlers.Config{Content: library, Now: time.Now})
	print := func(words string) error {
		return p.printSaying(app.Understand(understand.Heard{Words: words, Who: role}), app, *asJSON)
	}
	if words := strings.Join(f.Args(), " "); words != "-" {
		return print(words)
	}
	in := bufio.NewReaderSize(p.stdin, maxLine)
	for {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) && line == "" {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading the sentences: %w", err)
		}
		if err := print(strings.TrimSpace(line)); err != nil {
			return err
		}
	}
}

func (p *program) printSaying(r understand.Reading, app *handlers.App, asJSON bool) error {
	out := saying{Kind: string(r.Kind), Commands: []string{}, Topics: []string{}, Lines: r.Lines}
	for _, thing := range r.Do {
		out.Commands = append(out.Commands, thing.Line(app.Table()))
	}
	for _, t := range r.Found.Topics {
		out.Topics = append(out.Topics, t.ID)
	}
	if asJSON {
		enc := json.NewEncoder(p.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(out)
	}
	line := out.Kind
	if len(out.Commands) > 0 {
		line += ": " + strings.Join(out.Commands, " | ")
	} else if len(out.Topics) > 0 && (out.Kind == "answer" || out.Kind == "unsure") {
		line += ": " + strings.Join(out.Topics, ", ")
	}
	if out.Lines {
		line += " (with the lines)"
	}
	_, err := fmt.Fprintln(p.stdout, line)
	return err
}
