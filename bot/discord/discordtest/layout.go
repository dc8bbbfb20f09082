package discordtest

import "strings"

// losesLayout says that an edit takes away that a message is one of components, which
// Discord does not allow. A body without flags leaves it as it is.
func (m *Message) losesLayout(body map[string]any) bool {
	flags, given := body["flags"].(float64)
	return m.LaidOut() && given && int(flags)&(1<<15) == 0
}

// changed takes over what an edit says, where Discord allows that.
func (m *Message) changed(body map[string]any, files map[string][]byte) bool {
	if m.losesLayout(body) {
		return false
	}
	m.take(body, files)
	m.Edits++
	return true
}

// layout checks a message of components: at most 40 of them at every depth, at most 4000
// characters of text in all, and in each only what may stand there.
func (c *checker) layout(parts []map[string]any) {
	count, size := 0, 0
	ids := map[string]bool{}
	var walk func(parts []map[string]any, in float64)
	walk = func(parts []map[string]any, in float64) {
		for _, p := range parts {
			count++
			kind, _ := p["type"].(float64)
			inner := objects(p["components"])
			switch kind {
			case 1:
				c.rows([]map[string]any{p}, false)
				count += len(inner)
				c.once(inner, ids)
				continue
			case 9:
				accessory, _ := p["accessory"].(map[string]any)
				count++
				c.part(accessory, ids)
				if len(inner) < 1 || len(inner) > 3 {
					c.add("a section of %d texts", len(inner))
				}
			case 10:
				size += c.text("a text", p["content"], 1, 4000)
			case 12, 13, 14:
			case 17:
				if in != 0 {
					c.add("a container in a component of type %v", in)
				}
			default:
				c.add("a component of type %v", kind)
			}
			if in == 9 && kind != 10 {
				c.add("a component of type %v in a section", kind)
			}
			walk(inner, kind)
		}
	}
	walk(parts, 0)
	if count == 0 || count > 40 {
		c.add("%d components", count)
	}
	if size > 4000 {
		c.add("%d characters over all texts, and 4000 are allowed", size)
	}
}

// once finds custom ids that stand in two places.
func (c *checker) once(parts []map[string]any, ids map[string]bool) {
	for _, p := range parts {
		id, _ := p["custom_id"].(string)
		if id != "" && ids[id] {
			c.add("two components have the custom_id %q", id)
		}
		ids[id] = true
	}
}

// pictures checks that what is shown is attached.
func (c *checker) pictures(parts, attachments []map[string]any) {
	for _, p := range parts {
		c.pictures(objects(p["components"]), attachments)
		for _, item := range objects(p["items"]) {
			media, _ := item["media"].(map[string]any)
			url, _ := media["url"].(string)
			name, isFile := strings.CutPrefix(url, "attachment://")
			found := false
			for _, a := range attachments {
				found = found || a["filename"] == name
			}
			if isFile && !found {
				c.add("the picture %q is not attached", name)
			}
		}
	}
}
