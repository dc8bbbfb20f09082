package content

import (
	"strings"
	"testing"
)

// Somebody who is frightened writes in the language they think in.
func TestDangerInSpanishIsHeardByRule(t *testing.T) {
	l := load(t)
	for said := range strings.Lines(`me voy a matar
quiero matarme
ya no quiero vivir
la vida no vale la pena
ojalá no despertara mañana
me tomé todas las pastillas
se tomó todas las pastillas de mi mamá
las voces me dicen que lo haga
ya no aguanto más
no puedo más
auxilio
¡Auxilio!
necesito ayuda
emergencia
ayuda
mi hija dice que se quiere morir
mi esposo no respira
no se despierta
quiero quitarme la vida
me quiero quitar la vida
tengo un plan para matarme
me voy a tirar del puente
estarían todos mejor sin mí
soy una carga para mi familia
me quiero despedir de todos
me estoy cortando
quiero hacerme daño
oigo voces que me dicen que me mate
tomé demasiadas pastillas
le duele el pecho y no responde
no estoy a salvo
ich kann nicht mehr
ich bringe mich um
Hilfe
j'en peux plus
au secours
SOS
`) {
		if said = strings.TrimSpace(said); !l.Certain(said) {
			t.Errorf("not heard: %q", said)
		}
	}
	for said := range strings.Lines(`necesito ayuda con un viaje el jueves
quiero saber si puedo comer antes
no quiero manejar después de la sesión
me tomé un café esta mañana
mi mamá me va a llevar a casa
gracias por todo
no puedo el jueves
ya no necesito el viaje
ayuda con los niños el martes
me corté el pelo
quiero dormir bien
cuánto cuesta
es urgente la cita
the SOS button on my phone
my help desk is called Hilfe
`) {
		if said = strings.TrimSpace(said); l.Certain(said) {
			t.Errorf("heard as danger: %q", said)
		}
		if f := l.Find(said); f.Kind == KindRefuse {
			t.Errorf("refused: %q", said)
		}
	}
}

func TestSpanish(t *testing.T) {
	for said, want := range map[string]bool{
		"mi mamá me va a llevar a casa": true, "puedo comer antes": true, "hola": true, "gracias": true, "no quiero manejar": true,
		"ayuda": true, "cuánto cuesta la sesión": true,
		"can i eat before": false, "mi casa clinic on main": false, "me": false, "no": false, "la sesh was good": false, "": false,
		"is van service ok": false, "how do i get to El Camino clinic": false, "my son and me": false,
	} {
		if Spanish(said) != want {
			t.Errorf("%q: %t", said, !want)
		}
	}
}
