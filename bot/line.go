package bot

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// A typed line is a slash, the command's words, and its options:
//
//	/ask ride-home thu 1pm from: the clinic on Pine Street
//
// Words before the first "name:" fill the options in their order: one word
// each for refs, numbers, choices, people and rooms, and all that is left for
// free words and times. Behind "name:" everything up to the next option's name
// belongs to it; "quotation marks" keep a value together, with \" and \\ inside.

// found is a command of the table with its place in it.
type found struct {
	*Command
	words []string
}

func (f found) path() string { return "/" + strings.Join(f.words, " ") }

// parseLine reads a line against the table. Its errors are *Error.
func parseLine(table []Command, line string) (found, map[string]string, error) {
	if len(line) > maxTyped {
		return found{}, nil, &Error{Code: CodeTooLong, Say: "That is longer than I can read at once.", Hint: "Please say it in a few sentences."}
	}
	f, rest, err := findCommand(table, line)
	if err != nil {
		return f, nil, err
	}
	args, err := f.parseOptions(rest)
	return f, args, err
}

// ParseLine reads a typed line against a table: the command's words, and its
// options by name, not yet checked. Its errors are *Error.
func ParseLine(table []Command, line string) (path []string, args map[string]string, err error) {
	f, args, err := parseLine(table, line)
	return f.words, args, err
}

// OptionsOf are the options of the command at a path; none when there is none.
func OptionsOf(table []Command, path []string) []Option {
	cmd := Find(table, path)
	if cmd == nil {
		return nil
	}
	return cmd.Options
}

// findCommand takes the command's words off the line.
func findCommand(table []Command, line string) (found, string, error) {
	line = strings.TrimLeft(strings.TrimSpace(line), "/")
	var f found
	for level := table; ; level = f.Subs {
		word, rest := cutWord(line)
		cmd := pick(level, strings.ToLower(word))
		if cmd == nil && f.Command != nil {
			if answered, value := byAnswer(level, line); answered != nil {
				f.Command, f.words = answered, append(f.words, answered.Name)
				return f, value, nil
			}
		}
		if cmd == nil && f.usual(level, line, word) != nil {
			cmd, rest = f.usual(level, line, word), line
		}
		if cmd == nil {
			return f, line, unknownCommand(f, level, word, rest)
		}
		f.Command, f.words, line = cmd, append(f.words, cmd.Name), rest
		if len(cmd.Subs) == 0 {
			return f, rest, nil
		}
	}
}

// usual is the command of a level that is meant where a line names none of them. A
// single word that is nearly the name of one is a slip, and none.
func (f found) usual(level []Command, line, word string) *Command {
	if f.Command != nil && f.Bare != "" && line == "" {
		return pick(level, f.Bare)
	}
	if f.Command == nil || f.Usual == "" {
		return nil
	}
	names := make([]string, len(level))
	for i := range level {
		names[i] = level[i].Name
	}
	if word == line && word != "" && nearest(strings.ToLower(word), names) != "" {
		return nil
	}
	return pick(level, f.Usual)
}

func pick(level []Command, name string) *Command {
	for i := range level {
		if level[i].Name == name || slices.Contains(level[i].Was, name) {
			return &level[i]
		}
	}
	return nil
}

// byAnswer is the one command of a level that asks first for a choice which the
// whole rest of a line is, and that choice: "/checkin heavier" for "/checkin
// today heavier". A yes alone is no answer to anything, so a choice of one, which
// confirms something, does not count.
func byAnswer(level []Command, line string) (found *Command, value string) {
	answer := strings.TrimSpace(line)
	for i, c := range level {
		if len(c.Options) == 0 || c.Options[0].Kind != Choice || len(c.Options[0].Choices) < 2 || len(c.Subs) > 0 {
			continue
		}
		for _, p := range c.Options[0].Choices {
			if !strings.EqualFold(p.Value, answer) && !strings.EqualFold(p.Label, answer) {
				continue
			}
			if found != nil {
				return nil, ""
			}
			found, value = &level[i], p.Value
			break
		}
	}
	return found, value
}

// below is the one command that goes by this as its last word, as it is typed in full;
// nil where there is none, or more than one.
func below(level []Command, word string) (path string, found *Command) {
	for _, top := range level {
		for i, c := range top.Subs {
			if c.Name != word || len(c.Subs) > 0 || c.Who != Anyone {
				continue
			}
			if found != nil {
				return "", nil
			}
			path, found = "/"+top.Name+" "+c.Name, &top.Subs[i]
		}
	}
	return path, found
}

func unknownCommand(f found, level []Command, word, rest string) error {
	if f.Command == nil {
		names := make([]string, len(level))
		for i := range level {
			names[i] = level[i].Name
		}
		if path, c := below(level, strings.ToLower(word)); c != nil && len(path)+len(rest) < MaxLine {
			return &Error{Code: CodeUnknownCommand, Say: fmt.Sprintf("I don't know /%s. Did you mean %s?", clip(word, 40), path),
				Hint: "Please tap, or type it in full.", Buttons: []Button{{Label: clip(c.Summary, 75), Command: strings.TrimSpace(path + " " + rest)}}}
		}
		near := nearest(strings.ToLower(word), names)
		if near == "" {
			return &Error{Code: CodeUnknownCommand, Say: fmt.Sprintf("I don't know the command /%s.", clip(word, 40)), Hint: "Type /help to see what I can do."}
		}
		cmd := pick(level, near)
		return &Error{Code: CodeUnknownCommand,
			Say:  fmt.Sprintf("I don't know /%s. Did you mean /%s?", clip(word, 40), near),
			Hint: "For example: " + firstExample(cmd)}
	}
	names := make([]string, len(level))
	for i := range level {
		names[i] = level[i].Name
	}
	if word == "" {
		return &Error{Code: CodeIncompleteCommand,
			Say:  fmt.Sprintf("%s needs one more word: %s.", f.path(), orList(names)),
			Hint: "For example: " + firstExample(f.Command), Buttons: f.ready(level)}
	}
	near := nearest(strings.ToLower(word), names)
	if near == "" {
		return &Error{Code: CodeUnknownCommand,
			Say:  fmt.Sprintf("%s knows these: %s.", f.path(), orList(names)),
			Hint: "For example: " + firstExample(f.Command), Buttons: f.ready(level)}
	}
	return &Error{Code: CodeUnknownCommand,
		Say:  fmt.Sprintf("I don't know %s %s. Did you mean %s %s?", f.path(), clip(word, 40), f.path(), near),
		Hint: "For example: " + pick(level, near).Example}
}

// mostReady is how many commands are offered to somebody who has typed only the
// first word.
const mostReady = 5

// ready are the commands of a level that everybody can use as they are.
func (f found) ready(level []Command) []Button {
	var out []Button
	for _, c := range level {
		needs := slices.ContainsFunc(c.Options, func(o Option) bool { return o.Required }) && c.Form == ""
		if line := f.path() + " " + c.Name; c.Who == Anyone && len(c.Subs) == 0 && !needs && len(line) <= MaxLine && len(out) < mostReady {
			out = append(out, Button{Label: clip(c.Summary, 75), Command: line})
		}
	}
	return out
}

// parseOptions splits the rest of a line among the command's options.
func (f found) parseOptions(rest string) (map[string]string, error) {
	args := map[string]string{}
	lead, named, err := f.splitNamed(rest)
	if err != nil {
		return nil, err
	}
	for _, n := range named {
		if _, twice := args[n.Name]; twice {
			return nil, &Error{Code: CodeOptionTwice, Say: fmt.Sprintf("I found “%s:” twice.", n.Name), Hint: "Please give it once. " + f.exampleHint()}
		}
		args[n.Name] = n.Value
	}
	for i, o := range f.Options {
		if lead == "" {
			break
		}
		if _, given := args[o.Name]; given {
			continue
		}
		switch {
		case o.Kind == Ref && o.Complete != nil:
			args[o.Name], lead = cutRef(lead, f.Options[i+1:])
		case o.oneWord():
			args[o.Name], lead = cutWord(lead)
		default:
			args[o.Name], lead = unquote(lead), ""
		}
	}
	if lead != "" {
		if len(f.Options) == 0 {
			return nil, &Error{Code: CodeTooMuch, Say: f.path() + " stands alone; nothing belongs behind it.", Hint: f.exampleHint()}
		}
		return nil, &Error{Code: CodeTooMuch, Say: fmt.Sprintf("I don't know what to do with “%s”.", clip(lead, 60)), Hint: f.exampleHint()}
	}
	return args, nil
}

// cutRef takes what stands for something off the front of a line: its code, or words
// to find it by, which end where the next options begin.
func cutRef(lead string, next []Option) (ref, rest string) {
	if quoted := strings.IndexByte(lead[1:], '"'); lead[0] == '"' && quoted >= 0 {
		return lead[1 : quoted+1], strings.TrimSpace(lead[quoted+2:])
	}
	word, rest := cutWord(lead)
	if isCode(bareRef(word)) {
		return word, rest
	}
	for word != "" && !opens(word, next) {
		if ref = strings.TrimSpace(ref + " " + word); isCode(bareRef(word)) {
			return ref, rest
		}
		lead = rest
		word, rest = cutWord(lead)
	}
	if ref == "" { // it looks like what comes next, and is all there is
		return cutWord(lead)
	}
	if len(next) > 0 && next[0].named(word) {
		lead = rest
	}
	return ref, lead
}

// opens says whether a word begins one of the options behind a code.
func opens(word string, next []Option) bool {
	for i, o := range next {
		switch {
		case i == 0 && o.named(word),
			o.Kind == Someone && (word[0] == '@' || strings.HasPrefix(word, "<@") || strings.Contains(word, "/")),
			o.Kind == Role && (word[0] == '@' || strings.HasPrefix(word, "<@&")),
			o.Kind == Place && (word[0] == '#' || strings.HasPrefix(word, "<#")),
			o.Kind == Choice && slices.ContainsFunc(o.Choices, func(p Pick) bool { return strings.EqualFold(p.Value, word) }):
			return true
		}
	}
	return false
}

// named says whether a word leads to an option without a colon: "thursday to friday
// 2pm", "the tea for 30 min".
func (o Option) named(word string) bool {
	return o.Kind == Time && strings.EqualFold(word, "to") || (o.Name == "to" || o.Name == "for" || o.Name == "at") && strings.EqualFold(word, o.Name)
}

func (f found) exampleHint() string { return "For example: " + f.Example }

func (o Option) oneWord() bool {
	return o.Kind != Words && o.Kind != Time && o.Kind != Zone
}

// splitNamed separates what stands before the first option name from the named
// options behind it.
func (f found) splitNamed(s string) (lead string, named []Field, err error) {
	start, name := 0, ""
	flush := func(end int) {
		value := unquote(strings.TrimSpace(s[start:end]))
		if name == "" {
			lead = strings.TrimSpace(s[start:end])
		} else {
			named = append(named, Field{Name: name, Value: value})
		}
	}
	quoted, wordStart := false, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quoted && c == '\\' && i+1 < len(s):
			i++
		case c == '"' && (quoted || wordStart):
			quoted = !quoted
		case !quoted && wordStart:
			word, err := f.optionAt(s[i:], name == "" && strings.TrimSpace(s[start:i]) == "")
			if err != nil {
				return "", nil, err
			}
			if word == "" {
				break
			}
			flush(i)
			name = strings.ToLower(word)
			i += len(word)
			start = i + 1
			wordStart = true
			continue
		}
		wordStart = strings.IndexByte(" \t\n", c) >= 0
	}
	flush(len(s))
	return lead, named, nil
}

// optionAt is the name of the option that is named at the start of s, as it
// stands there, or "" where none is. first says that nothing was said before it.
func (f found) optionAt(s string, first bool) (string, error) {
	word := optionName(s)
	if word == "" || f.has(word) {
		return word, nil
	}
	return "", f.unknownOption(word, first)
}

// optionName is the word at the start of s when a colon follows it at once and
// it looks like an option's name ("13:00" and "https://" do not).
func optionName(s string) string {
	for i := 0; i < len(s) && i <= 32; i++ {
		c := s[i]
		switch {
		case c == ':':
			if i == 0 || (i+1 < len(s) && s[i+1] == '/') || s[0] >= '0' && s[0] <= '9' {
				return ""
			}
			return s[:i]
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c >= '0' && c <= '9':
		default:
			return ""
		}
	}
	return ""
}

func (f found) has(name string) bool {
	for _, o := range f.Options {
		if strings.EqualFold(o.Name, name) {
			return true
		}
	}
	return false
}

// unknownOption decides whether "word:" is a misspelt option or part of what
// somebody wanted to say. At the start of the line nothing else can be meant.
func (f found) unknownOption(word string, first bool) error {
	names := make([]string, len(f.Options))
	for i, o := range f.Options {
		names[i] = o.Name
	}
	near := nearest(strings.ToLower(word), names)
	freeWords := len(f.Options) > 0 && f.Options[0].Kind == Words
	switch {
	case near != "":
		return &Error{Code: CodeUnknownOption, Say: fmt.Sprintf("%s has no “%s:”. Did you mean “%s:”?", f.path(), word, near), Hint: f.exampleHint()}
	case first && !freeWords && len(names) > 0:
		return &Error{Code: CodeUnknownOption, Say: fmt.Sprintf("%s has no “%s:”. It knows: %s.", f.path(), word, orList(names)), Hint: f.exampleHint()}
	}
	return nil
}

// FormatLine writes a command as somebody would type it, so that parsing it
// gives the same path and arguments. Options come in the table's order; args
// the command does not have are left out.
func FormatLine(table []Command, path []string, args map[string]string) string {
	cmd := Find(table, path)
	line := "/" + strings.Join(path, " ")
	if cmd == nil {
		return line
	}
	positional := true
	for _, o := range cmd.Options {
		value, ok := args[o.Name]
		if !ok || value == "" {
			positional = false
			continue
		}
		if positional && o.oneWord() && !strings.ContainsAny(value, " \t\n\":\\") {
			line += " " + value
			continue
		}
		positional = false
		line += " " + o.Name + ": " + quoteIfNeeded(value)
	}
	return line
}

// FormatLine writes a command of this bot's table.
func (b *Bot) FormatLine(path []string, args map[string]string) string {
	return FormatLine(b.cfg.Table, path, args)
}

func quoteIfNeeded(s string) string {
	if s == strings.TrimSpace(s) && !strings.ContainsAny(s, "\"\n\t") && !hasOptionName(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func hasOptionName(s string) bool {
	for _, word := range strings.Fields(s) {
		if optionName(word) != "" {
			return true
		}
	}
	return false
}

// unquote takes off the quotation marks around a whole value.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			if i != len(s)-1 {
				return s // the marks are inside the words, not around them
			}
			return b.String()
		default:
			b.WriteByte(s[i])
		}
	}
	return s
}

func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// nearest is the name that was probably meant, or "".
func nearest(word string, names []string) string {
	if word == "" || len(word) > 64 {
		return ""
	}
	best, least := "", 1+min(3, len(word)/2)
	for _, name := range names {
		d := levenshtein.ComputeDistance(word, name)
		if len(word) > 2 && strings.HasPrefix(name, word) || sameLetters(word, name) {
			d = min(d, 1)
		}
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// sameLetters finds the commonest slip of all, letters that changed places.
func sameLetters(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return bytes.Equal(x, y)
}

func firstExample(cmd *Command) string {
	if len(cmd.Subs) > 0 {
		return cmd.Subs[0].Example
	}
	return cmd.Example
}

// orList is "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// clip shortens what somebody typed so that it can be shown back to them.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
