package discord

import (
	"context"
	"crypto/rand"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

const (
	maxFormParts   = 5
	maxFormLabel   = 45
	maxInput       = 4000
	formTime       = time.Hour // how long a form that was begun can be opened again
	defaultMaxText = 500       // as bot.Option says
)

// renderForm draws a form. Fields with fixed choices, people and rooms are
// picked rather than typed.
func renderForm(f bot.Form, id string) formData {
	d := formData{CustomID: id, Title: adapter.Clip(oneLine(f.Title), maxFormLabel)}
	fields := f.Fields[:min(len(f.Fields), maxFormParts)]
	if intro := renderText(f.Intro, maxContent); len(intro) > 0 && len(fields) < maxFormParts {
		d.Components = append(d.Components, component{Type: discordgo.TextDisplayComponent, Content: intro[0]})
	}
	for _, field := range fields {
		d.Components = append(d.Components, renderField(field, f.Zone))
	}
	return d
}

// renderField draws a field. A zone (IANA) is named beside what asks when.
func renderField(f bot.FormField, zone string) component {
	label := f.Label
	if label == "" {
		label = f.Summary
	}
	c := component{Type: compLabel, Label: adapter.Clip(oneLine(label), maxFormLabel)}
	if s := oneLine(f.Summary); s != c.Label {
		c.Description = adapter.Clip(s, maxOptionText)
	}
	if zone = zoneName(zone); zone != "" && (f.Kind == bot.Time || f.Dates) {
		c.Description = adapter.Clip(oneLine(f.Summary), maxOptionText-adapter.Units(zone)) + zone
	}
	in := component{CustomID: f.Name, Required: &f.Required, Placeholder: adapter.Clip(oneLine(f.Hint), maxOptionText)}
	switch f.Kind {
	case bot.Choice:
		in.fillSelect(f.Choices, f.Value, f.Required)
	case bot.YesNo:
		in.fillSelect([]bot.Pick{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}}, f.Value, f.Required)
	case bot.Someone:
		in.Type = discordgo.UserSelectMenuComponent
		in.fillPick(f.Value, discordgo.SelectMenuDefaultValueUser, f.Required)
	case bot.Role:
		in.Type = discordgo.RoleSelectMenuComponent
		in.fillPick(f.Value, discordgo.SelectMenuDefaultValueRole, f.Required)
	case bot.Place:
		in.Type = discordgo.ChannelSelectMenuComponent
		in.fillPick(f.Value, discordgo.SelectMenuDefaultValueChannel, f.Required)
	default:
		if chosen, ok := adapter.Chosen(f); ok {
			in.fillSeveral(f, chosen)
			break
		}
		in.fillInput(f)
	}
	c.Component = &in
	return c
}

func (c *component) fillSelect(picks []bot.Pick, value string, required bool) {
	c.Type = discordgo.SelectMenuComponent
	c.leastPicks(required)
	for _, p := range picks[:min(len(picks), maxOptions)] {
		c.Options = append(c.Options, option{Label: adapter.Clip(oneLine(p.Label), maxOptionText), Value: p.Value, Default: p.Value == value})
	}
}

// zoneName is what people call a zone (IANA), such as " (Denver time)".
func zoneName(zone string) string {
	i := strings.LastIndexByte(zone, '/')
	if i < 0 || adapter.Units(zone) > maxFormLabel {
		return ""
	}
	return " (" + strings.ReplaceAll(zone[i+1:], "_", " ") + " time)"
}

// fillSeveral lets several things be ticked.
func (c *component) fillSeveral(f bot.FormField, chosen []string) {
	c.fillSelect(f.Several, "", f.Required)
	c.MaxValues = len(c.Options)
	for i, o := range c.Options {
		c.Options[i].Default = slices.Contains(chosen, o.Value)
	}
}

func (c *component) fillPick(value string, kind discordgo.SelectMenuDefaultValueType, required bool) {
	c.leastPicks(required)
	if ours(value) {
		c.Defaults = []discordgo.SelectMenuDefaultValue{{ID: bot.Account(value), Type: kind}}
	}
}

// leastPicks lets an optional select stay empty.
func (c *component) leastPicks(required bool) {
	least := 0
	if required {
		least = 1
	}
	c.MinValues, c.MaxValues = &least, 1
}

func (c *component) fillInput(f bot.FormField) {
	c.Type, c.Style = discordgo.TextInputComponent, 1
	if f.Long {
		c.Style = 2
	}
	c.MaxLength = maxInput
	switch {
	case f.Kind == bot.Number:
		c.MaxLength = max(len(strconv.Itoa(f.Min)), len(strconv.Itoa(f.Max)))
	case f.Max > 0:
		c.MaxLength = min(f.Max, maxInput)
	default:
		c.MaxLength = defaultMaxText
	}
	// Words that were too long or too short come back as they are, so that they
	// can be mended.
	c.Value = adapter.Clip(f.Value, maxInput)
	c.MaxLength = max(c.MaxLength, adapter.Units(c.Value))
	if f.Kind == bot.Words && f.Min > 0 && f.Required && (c.Value == "" || adapter.Units(c.Value) >= f.Min) {
		least := min(f.Min, c.MaxLength)
		c.MinLength = &least
	}
}

// formID is a custom id that says what the form runs and what is already known.
// What does not fit is remembered, and the id says where.
func (p *Platform) formID(ctx context.Context, f bot.Form) string {
	q := url.Values{}
	for name, v := range f.Args {
		q.Set(name, v)
	}
	id := idVersion + ":" + strings.Join(f.Path, " ")
	if len(q) > 0 {
		id += "?" + q.Encode()
	}
	if len(id) <= maxCustomID {
		return id
	}
	return p.rememberForm(ctx, f)
}

// readFormID is the path and what is known from a form's custom id. It is false
// when that was remembered and is gone.
func (p *Platform) readFormID(ctx context.Context, id string) (path []string, args map[string]string, ok bool) {
	args = map[string]string{}
	if strings.HasPrefix(id, formPrefix) {
		f, path, err := p.recallForm(ctx, id)
		if f == nil || err != nil {
			return path, args, false
		}
		maps.Copy(args, f.Args)
		return f.Path, args, true
	}
	line, query, _ := strings.Cut(lineOf(id), "?")
	q, err := url.ParseQuery(query)
	if line == "" || err != nil {
		return nil, args, false
	}
	for name := range q {
		args[name] = q.Get(name)
	}
	return strings.Fields(line), args, true
}

// rememberForm keeps a form for a while and returns a custom id that finds it
// again. The command stands behind, for when it is forgotten.
func (p *Platform) rememberForm(ctx context.Context, f bot.Form) string {
	id := adapter.Clip(formPrefix+rand.Text()[:16]+":/"+strings.Join(f.Path, " "), maxCustomID)
	p.keepForm(ctx, id, f)
	return id
}

// keepForm keeps a form behind a custom id for an hour from now.
func (p *Platform) keepForm(ctx context.Context, id string, f bot.Form) {
	key, _ := formKey(id)
	if err := p.notes.KeepForm(ctx, key, f, formTime); err != nil {
		p.log.WarnContext(ctx, "discord: a form could not be remembered everywhere", "error", err)
	}
}

// formKey is where the form behind a custom id is kept, and the path of its
// command.
func formKey(id string) (key string, path []string) {
	key, line, _ := strings.Cut(strings.TrimPrefix(id, formPrefix), ":")
	return "form/" + key, strings.Fields(strings.TrimPrefix(line, "/"))
}

// recallForm is the form behind a custom id, or nil, and the path of its command.
// The error says that it could not be looked for.
func (p *Platform) recallForm(ctx context.Context, id string) (*bot.Form, []string, error) {
	key, path := formKey(id)
	f, err := p.notes.KeptForm(ctx, key)
	if err != nil {
		p.log.WarnContext(ctx, "discord: a form could not be recalled", "error", err)
	}
	return f, path, err
}

// formButton offers a form where it cannot be opened at once.
func formButton(id, label string) component {
	return component{Type: discordgo.ActionsRowComponent, Components: []component{{Type: discordgo.ButtonComponent, Style: 1, Label: label, CustomID: id}}}
}

// fieldsOf are the words of a form that was sent in, whatever they stood in.
func fieldsOf(parts []submitPart) map[string]string {
	out := map[string]string{}
	var walk func(parts []submitPart)
	walk = func(parts []submitPart) {
		for _, part := range parts {
			if part.Component != nil {
				walk([]submitPart{*part.Component})
			}
			walk(part.Components)
			switch {
			case part.CustomID == "":
			case part.Type == discordgo.TextInputComponent:
				out[part.CustomID] = part.Value
			case (part.Type == discordgo.UserSelectMenuComponent || part.Type == discordgo.ChannelSelectMenuComponent || part.Type == discordgo.RoleSelectMenuComponent) && len(part.Values) > 0:
				out[part.CustomID] = Name + "/" + part.Values[0]
			case len(part.Values) > 0:
				out[part.CustomID] = strings.Join(part.Values, ", ")
			}
		}
	}
	walk(parts)
	for name, v := range out {
		if strings.TrimSpace(v) == "" {
			delete(out, name)
		}
	}
	return out
}
