package discord

import (
	"encoding/json"

	"village/bot"
	"village/bot/adapter"
)

// Sketch writes what Discord would be sent, without being connected.
type Sketch struct{ p *Platform }

// NewSketch knows the commands of a table, and the bot's name.
func NewSketch(table []bot.Command, name string) Sketch {
	p := &Platform{name: name}
	p.spell(table)
	return Sketch{p}
}

// Answer is a message that somebody has just asked for.
func (s Sketch) Answer(m bot.Message, _ bool) ([]adapter.Body, error) {
	return bodies(render(s.p.spelled(m)))
}

// Post is a message in a channel.
func (s Sketch) Post(m bot.Message) ([]adapter.Body, error) {
	return bodies(renderLayout(s.p.spelled(m)))
}

// Direct is a message to somebody who did not ask for it just now.
func (s Sketch) Direct(m bot.Message) ([]adapter.Body, error) {
	if isContent(m) {
		m.Notify = nil
	}
	return bodies(renderQuietly(s.p.spelled(m)))
}

// Edited is what a message becomes that has to stay one.
func (s Sketch) Edited(m bot.Message, _ bool) ([]adapter.Body, error) {
	return bodies([]message{fitted(renderLayout(s.p.spelled(m)))})
}

// Form is a form as it opens.
func (s Sketch) Form(f bot.Form) (adapter.Body, error) {
	data, err := json.Marshal(renderForm(f, ""))
	return adapter.Body{JSON: data}, err
}

func bodies(list []message) ([]adapter.Body, error) {
	var out []adapter.Body
	for _, m := range list {
		data, err := json.Marshal(m)
		if err != nil {
			return nil, err
		}
		b := adapter.Body{JSON: data, Files: map[string][]byte{}}
		for _, f := range m.files {
			b.Files[f.name] = f.data
		}
		out = append(out, b)
	}
	return out, nil
}
