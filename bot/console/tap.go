package console

import (
	"strings"

	"village/bot"
)

// taps are the buttons that have been shown last, by whom they were shown to and what
// stands on them.
type taps map[string]tap

type tap struct {
	command string
	count   int // of the message that had it
}

func tapKey(who, label string) string { return who + "\n" + strings.ToLower(label) }

// note remembers a message's buttons. A room's are everybody's.
func (t taps) note(o *output, count int) {
	who := ""
	if o.To.Kind == "person" {
		who = o.To.Name
	}
	for _, l := range o.Lines {
		if l.Button != nil {
			t[tapKey(who, l.Button.Label)] = tap{l.Button.Command, count}
		}
	}
	for _, b := range o.Buttons {
		t[tapKey(who, b.Label)] = tap{b.Command, count}
	}
}

// tapped is the command of a button in brackets, such as "[I can drive]", that somebody
// was shown last; other words stay as they are. The error says that there is none.
func (c *Console) tapped(name, words string) (string, error) {
	label, begins := strings.CutPrefix(words, "[")
	label, ends := strings.CutSuffix(label, "]")
	if !begins || !ends || label == "" {
		return words, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	own, all := c.taps[tapKey(name, label)], c.taps[tapKey("", label)]
	if own.count < all.count {
		own = all
	}
	if own.command == "" {
		return "", &bot.Error{Code: "no-button", Say: name + " has been shown no button “" + label + "”.", Hint: name + ": [I can drive]"}
	}
	return own.command, nil
}
