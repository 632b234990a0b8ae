package tg.gouv.messagerie.directory.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tg.gouv.messagerie.directory.MailAddress;

class AddressRuleTest {
    private static final AddressRule RULE = AddressRule.parse("{given}.{family}@Gouv.TG");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Kofi|Mensah|kofi.mensah
            Marie-Thérèse|Lawson|marie-therese.lawson
            Abdoulaye|Ouro-Bang'na|abdoulaye.ouro-bangna
            Afi|d’Almeida|afi.dalmeida
            François|de Souza|francois.de-souza
            Élise Akossiwa|Kpodar|elise-akossiwa.kpodar
            Cœur|Ægidius|coeur.aegidius
            Yɛwa|Ŋkɔ Ɖagba|yewa.ngko-dagba
            -|Issifou|issifou
            Ama|علي|ama
            Jean--Paul| O'  Brien |jean-paul.o-brien
            """)
    void namesBecomeAscii(String given, String family, String localPart) {
        assertThat(RULE.address(given, family, _ -> false).orElseThrow()).hasToString(localPart + "@gouv.tg");
    }

    @Test
    void homonymsAreNumberedAndReservedWordsAreNobodys() {
        Set<MailAddress> taken = new HashSet<>();
        for (String expected : List.of("kofi.mensah", "kofi.mensah2", "kofi.mensah3")) {
            MailAddress address =
                    RULE.address("Kofi", "Mensah", taken::contains).orElseThrow();
            assertThat(address.localPart()).isEqualTo(expected);
            taken.add(address);
        }
        assertThat(RULE.address("", "Root", _ -> false).orElseThrow().localPart())
                .isEqualTo("root2");
        assertThat(RULE.address("", "Postmaster", taken::contains).orElseThrow().localPart())
                .isEqualTo("postmaster2");
        assertThat(RULE.address("علي", "محمد", _ -> false)).isEmpty();
    }

    @Test
    void aLongNameIsCutTo64OctetsWithItsNumber() {
        MailAddress first = RULE.address("A".repeat(60), "Bcdef", _ -> false).orElseThrow();
        assertThat(first.localPart()).hasSize(64).endsWith(".bcd");
        MailAddress second =
                RULE.address("A".repeat(63), "Bcdef", first::equals).orElseThrow();
        assertThat(second.localPart()).isEqualTo("a".repeat(63));
        Set<MailAddress> taken = Set.of(first);
        assertThat(RULE.address("A".repeat(60), "Bcdef", taken::contains)
                        .orElseThrow()
                        .localPart())
                .hasSize(64)
                .endsWith(".bc2");
    }

    @Test
    void otherRules() {
        assertThat(AddressRule.parse("{initial}{family}@sante.gouv.tg").address("Jean-Paul Yao", "Dosseh", _ -> false))
                .hasToString("Optional[jdosseh@sante.gouv.tg]");
        assertThat(AddressRule.parse("{first}_{family}@gouv.tg").address("Jean-Paul Yao", "Dosseh", _ -> false))
                .hasToString("Optional[jean-paul_dosseh@gouv.tg]");
        for (String bad : List.of(
                "gouv.tg", "prenom.nom@gouv.tg", "{nom}@gouv.tg", "{given}+x@gouv.tg", "{given}@", "@gouv.tg")) {
            assertThatThrownBy(() -> AddressRule.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
