package content

// Check returns what is wrong with a topic.
func Check(t Topic, known map[string]bool) Problems { return nil }
func checkWords(text string, x bool) Problems       { return nil }
func Grade(s string) float64                        { return 0 }
