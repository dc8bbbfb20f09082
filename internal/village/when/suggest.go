package when

import "strings"

// Zones suggests zones while their name is being typed: those whose city,
// name or country begins with the words so far, or has them inside, in that
// order; at most n. No words give the zones of large parts of the world.
func Zones(typed string, n int) []string {
	words := plainZone(typed)
	if words == "" {
		common := []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
			"Europe/London", "Europe/Dublin", "Australia/Sydney", "Pacific/Auckland"}
		return common[:min(n, len(common))]
	}
	var first, then []string
	for name, place := range zones() {
		if strings.HasPrefix(place, "=") {
			continue
		}
		plain := plainZone(name)
		switch {
		case strings.HasPrefix(cityOf(plain), words), strings.HasPrefix(plain, words), strings.HasPrefix(plainZone(place), words):
			first = append(first, name)
		case strings.Contains(plain, words):
			then = append(then, name)
		}
	}
	all := append(first, then...)
	return all[:min(n, len(all))]
}
