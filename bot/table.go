package bot

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits that a table must keep so that every platform can show it. The
// tightest platform decides: D is Discord's documentation, S is Slack's.
const (
	maxCommands    = 50   // S: slash commands an app may declare (D: 100)
	maxSubs        = 25   // D: sub-commands of a command that it lists
	maxOptions     = 25   // D
	maxPicks       = 25   // D: choices of an option
	maxSummary     = 100  // D: description
	maxPickLabel   = 100  // D
	maxCommandSize = 8000 // D: names, descriptions and values of one command
	MaxFormTitle   = 24   // S: title of a modal
	maxFormFields  = 5    // D: components of a modal
	maxFieldLabel  = 45   // D: label of a text input
	maxHint        = 100  // D: placeholder of a text input
	maxMenuLabel   = 24   // the label of a message command, kept short for phones

	// MaxLine is the length of a button's command in bytes: D's custom id has
	// 100 characters, of which a version takes a few.
	MaxLine = 90
	// maxTyped is as much as a typed line may be, in bytes (D: 6,000 characters a
	// command's values; S: 4,000 characters a message).
	maxTyped = 16000
	// defaultMaxWords bounds a Words option that does not say how long, in
	// characters.
	defaultMaxWords = 500
)

var (
	nameRule = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	// localRule is D's for names in any language.
	localRule = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
)

// checkTable finds everything that is wrong with a table and says it at once.
func checkTable(table []Command) error {
	var c tableCheck
	if len(table) == 0 {
		c.add("", "the table is empty")
	}
	if len(table) > maxCommands {
		c.add("", "%d commands, and Slack takes %d", len(table), maxCommands)
	}
	c.names("", table)
	for i := range table {
		c.command(&table[i], "/"+table[i].Name)
	}
	for i := range table {
		c.examples(table, &table[i], []string{table[i].Name})
	}
	return errors.Join(c.problems...)
}

type tableCheck struct{ problems []error }

func (c *tableCheck) add(where, format string, args ...any) {
	if where != "" {
		format = where + ": " + format
	}
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

func (c *tableCheck) names(where string, commands []Command) {
	seen := map[string]bool{}
	for _, cmd := range commands {
		for _, name := range append([]string{cmd.Name}, cmd.Was...) {
			if seen[name] {
				c.add(where, "two commands are called %q", name)
			}
			seen[name] = true
		}
	}
	for _, locale := range Locales() {
		seen := map[string]bool{}
		for _, cmd := range commands {
			name := cmp.Or(cmd.In[locale].Name, cmd.Name)
			if seen[name] {
				c.add(where, "two commands are called %q in %s", name, locale)
			}
			seen[name] = true
		}
	}
}

// local checks what something is called in other languages.
func (c *tableCheck) local(where string, in map[string]Local, mostLabel int) {
	for _, locale := range slices.Sorted(maps.Keys(in)) {
		at, l := where+" in "+locale, in[locale]
		if !slices.Contains(Locales(), locale) {
			c.add(at, "Discord does not know this locale")
		}
		if l.Name != "" && (!localRule.MatchString(l.Name) || l.Name != strings.ToLower(l.Name)) {
			c.add(at, "the name %q is not 1 to 32 small letters, digits, hyphens and underscores", l.Name)
		}
		c.length(at, "the summary", l.Summary, 0, maxSummary)
		c.length(at, "the label", l.Label, 0, mostLabel)
	}
}

func (c *tableCheck) command(cmd *Command, where string) {
	if !nameRule.MatchString(cmd.Name) {
		c.add(where, "a name is 1 to 32 small letters, digits and hyphens")
	}
	c.length(where, "the summary", cmd.Summary, 1, maxSummary)
	c.length(where, "the form's title", cmd.Form, 0, MaxFormTitle)
	c.length(where, "the label on own messages", cmd.OnOwnMessage, 0, maxMenuLabel)
	c.length(where, "the label from anywhere", cmd.Anywhere, 0, MaxFormTitle)
	c.local(where, cmd.In, maxMenuLabel)
	if size := cmd.size(); size > maxCommandSize {
		c.add(where, "names, summaries and choices make %d characters, and Discord takes %d", size, maxCommandSize)
	}
	c.purpose(cmd, where)
	if n := len(Listed(cmd.Subs)); n > maxSubs {
		c.add(where, "%d commands below it are listed, and Discord takes %d", n, maxSubs)
	}
	c.names(where, cmd.Subs)
	for i := range cmd.Subs {
		sub := &cmd.Subs[i]
		if len(sub.Subs) > 0 {
			c.add(where+" "+sub.Name, "commands nest one level deep")
			continue
		}
		c.command(sub, where+" "+sub.Name)
	}
	c.options(cmd, where)
}

// purpose checks that a command either does something, for somebody and with an
// example, or gathers those that do.
func (c *tableCheck) purpose(cmd *Command, where string) {
	if len(cmd.Subs) > 0 {
		if cmd.Run != nil || len(cmd.Options) > 0 || cmd.Who != Nobody {
			c.add(where, "gathers commands, so it has no options, no Run and no Who of its own")
		}
		for _, name := range []string{cmd.Usual, cmd.Bare} {
			if name != "" && pick(cmd.Subs, name) == nil {
				c.add(where, "there is no command %q below it", name)
			}
		}
		return
	}
	if cmd.Run == nil {
		c.add(where, "does nothing: it has neither Run nor Subs")
	} else if cmd.Who != Anyone && cmd.Who != Moderators {
		c.add(where, "does not say who may use it")
	}
	if cmd.Example == "" {
		c.add(where, "has no example")
	}
}

func (c *tableCheck) options(cmd *Command, where string) {
	if len(cmd.Options) > maxOptions {
		c.add(where, "%d options, and Discord takes %d", len(cmd.Options), maxOptions)
	}
	optional, required := false, 0
	for i, o := range cmd.Options {
		at := where + " " + o.Name + ":"
		c.optionName(at, o, cmd.Options[:i])
		c.option(at, o)
		if o.Required && optional {
			c.add(at, "a required option stands behind one that is not")
		}
		optional = optional || !o.Required
		if o.Required {
			required++
		}
		if o.Private && cmd.Form == "" {
			c.add(at, "is private, so the command needs a form to ask for it in")
		}
	}
	if cmd.Form != "" && required > maxFormFields {
		c.add(where, "%d required options, and a form takes %d", required, maxFormFields)
	}
	if cmd.OnOwnMessage != "" && (len(cmd.Options) == 0 || cmd.Options[0].Kind != Words) {
		c.add(where, "is offered on messages, so its first option must be words")
	}
}

// optionName checks an option's name, which those before it must not have.
func (c *tableCheck) optionName(at string, o Option, before []Option) {
	if !nameRule.MatchString(o.Name) {
		c.add(at, "a name is 1 to 32 small letters, digits and hyphens")
	}
	if slices.ContainsFunc(before, func(b Option) bool { return b.Name == o.Name }) {
		c.add(at, "two options have this name")
	}
	c.local(at, o.In, 0)
	for _, locale := range Locales() {
		name := cmp.Or(o.In[locale].Name, o.Name)
		if slices.ContainsFunc(before, func(b Option) bool { return cmp.Or(b.In[locale].Name, b.Name) == name }) {
			c.add(at, "two options are called %q in %s", name, locale)
		}
	}
}

// option checks what an option says and takes.
func (c *tableCheck) option(at string, o Option) {
	c.length(at, "the summary", o.Summary, 1, maxSummary)
	c.length(at, "the label", o.Label, 0, maxFieldLabel)
	c.length(at, "the hint", o.Hint, 0, maxHint)
	if (o.Kind == Choice) != (len(o.Choices) > 0) {
		c.add(at, "choices belong to the kind Choice, and it needs them")
	}
	if o.Kind == Choice && o.Complete != nil {
		c.add(at, "has both choices and completion")
	}
	if len(o.Choices) > maxPicks {
		c.add(at, "%d choices, and Discord takes %d", len(o.Choices), maxPicks)
	}
	c.several(at, o.Several)
	if o.Min > o.Max {
		c.add(at, "the least (%d) is more than the most (%d)", o.Min, o.Max)
	}
	values := map[string]bool{}
	for _, p := range o.Choices {
		c.length(at, "a choice's label", p.Label, 1, maxPickLabel)
		c.local(at+" "+p.Value, p.In, maxPickLabel)
		if p.Value == "" || strings.ContainsAny(p.Value, " \t\n\"") || len(p.Value) > maxPickLabel {
			c.add(at, "the choice %q must be one word of at most %d bytes", p.Value, maxPickLabel)
		}
		if values[p.Value] {
			c.add(at, "the choice %q stands twice", p.Value)
		}
		values[p.Value] = true
	}
}

// several checks what can be ticked.
func (c *tableCheck) several(at string, picks []Pick) {
	if len(picks) > maxPicks {
		c.add(at, "%d things to tick, and Discord takes %d", len(picks), maxPicks)
	}
	for _, p := range picks {
		c.length(at, "the label of what is ticked", p.Label, 1, maxPickLabel)
		if p.Value == "" || strings.Contains(p.Value, ",") || len(p.Value) > maxPickLabel {
			c.add(at, "what is ticked, %q, must have words without a comma, of at most %d bytes", p.Value, maxPickLabel)
		}
	}
}

func (c *tableCheck) length(where, what, s string, least, most int) {
	if n := utf8.RuneCountInString(s); n < least || n > most {
		c.add(where, "%s has %d characters instead of %d to %d", what, n, least, most)
	}
}

// examples tries every example with the grammar that people's lines go
// through: help that does not work is worse than none.
func (c *tableCheck) examples(table []Command, cmd *Command, path []string) {
	for i := range cmd.Subs {
		c.examples(table, &cmd.Subs[i], append(path[:len(path):len(path)], cmd.Subs[i].Name))
	}
	if len(cmd.Subs) > 0 || cmd.Example == "" {
		return
	}
	where := "/" + strings.Join(path, " ")
	got, args, err := parseLine(table, cmd.Example)
	switch {
	case err != nil:
		c.add(where, "its example %q is not understood: %v", cmd.Example, err)
	case got.path() != where:
		c.add(where, "its example %q is one of %s", cmd.Example, got.path())
	default:
		for _, o := range cmd.Options {
			c.example(where, cmd.Example, o, args[o.Name])
		}
	}
}

// example checks what an example gives an option. Words with a colon behind them are
// an option that the command does not have, swallowed by the one before it.
func (c *tableCheck) example(where, line string, o Option, given string) {
	value, err := o.read(given, "console")
	switch {
	case err != nil:
		c.add(where, "its example %q does not fit the option %s", line, o.Name)
	case value == "" && o.Required:
		c.add(where, "its example %q leaves out %s, which is required", line, o.Name)
	}
	for _, word := range strings.Fields(value) {
		if name := optionName(word); name != "" {
			c.add(where, "its example %q names “%s:”, and there is no such option", line, name)
		}
	}
}

// size is how long a command is as Discord counts it: of what is said in several
// languages, the longest.
func (cmd *Command) size() int {
	longest := func(own string, in map[string]Local, part func(Local) string) int {
		n := utf8.RuneCountInString(own)
		for _, l := range in {
			n = max(n, utf8.RuneCountInString(part(l)))
		}
		return n
	}
	name, summary, label := func(l Local) string { return l.Name }, func(l Local) string { return l.Summary }, func(l Local) string { return l.Label }
	n := longest(cmd.Name, cmd.In, name) + longest(cmd.Summary, cmd.In, summary)
	for _, o := range cmd.Options {
		n += longest(o.Name, o.In, name) + longest(o.Summary, o.In, summary)
		for _, p := range o.Choices {
			n += longest(p.Label, p.In, label) + utf8.RuneCountInString(p.Value)
		}
	}
	for i := range cmd.Subs {
		n += cmd.Subs[i].size()
	}
	return n
}
