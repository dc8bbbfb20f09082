package discordtest

import (
	"fmt"
	"regexp"
	"strings"
)

// Commands are the lines behind the message's buttons, and behind its menus
// each with the values that can be chosen.
func (m *Message) Commands() []string {
	var out []string
	for _, part := range m.parts() {
		_, line, ok := strings.Cut(fmt.Sprint(part["custom_id"]), ":")
		if !ok {
			continue
		}
		options, _ := part["options"].([]any)
		if len(options) == 0 {
			out = append(out, line)
		}
		for _, o := range options {
			option, _ := o.(map[string]any)
			out = append(out, line+" "+fmt.Sprint(option["value"]))
		}
	}
	return out
}

var (
	stamp   = regexp.MustCompile(`<t:(-?\d+):[A-Za-z]>`)
	mention = regexp.MustCompile(`<([@#])(\d+)>`)
	escaped = regexp.MustCompile(`\\([[:punct:]])`)
	linked  = regexp.MustCompile(`\[([^\]]*)\]\((?:https?|tel|sms):[^)]*\)`)
)

// Words is what a reader sees of a message without its mark-up: somebody by
// name, a channel with a #, and a moment as "at" and its UNIX seconds.
func (m *Message) Words() string {
	s := stamp.ReplaceAllString(m.Text(), " at $1 ")
	s = mention.ReplaceAllStringFunc(s, func(found string) string {
		parts := mention.FindStringSubmatch(found)
		m.s.mu.Lock()
		defer m.s.mu.Unlock()
		if c := m.s.channels[parts[2]]; parts[1] == "#" && c != nil {
			return "#" + c.Name
		}
		if p := m.s.people[parts[2]]; parts[1] == "@" && p != nil {
			return p.GlobalName
		}
		return found
	})
	s = linked.ReplaceAllString(s, "$1")
	for _, mark := range []string{"**", "__"} {
		s = strings.ReplaceAll(s, mark, "")
	}
	return escaped.ReplaceAllString(s, "$1")
}
