package tg.gouv.messagerie.directory.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tg.gouv.messagerie.platform.language.BothLanguages;
import tg.gouv.messagerie.platform.settings.Settings;

class PeopleFileTest {
    @Test
    void headersAreOursInBothLanguagesOrThoseOfTheMapping() {
        PersonRow french = read("Matricule;Prénoms;Nom;Entité\n1;Kofi;Mensah;budget\n")
                .rows()
                .getFirst();
        PersonRow english = read("number,given,family,entity\n1,Kofi,Mensah,budget\n")
                .rows()
                .getFirst();
        Mapping mapping =
                Settings.parse("mapping", """
                        [columns]
                        number = "N° agent"
                        given = "P1"
                        family = "Patronyme"
                        entity = "Service"
                        [[addresses]]
                        rule = "{given}.{family}@gouv.tg"
                        """, Mapping.class, Path.of("/")).value();
        PersonRow mapped = read("Patronyme;Service;P1;N° agent;Nom\nMensah;budget;Kofi;1;x\n", mapping)
                .rows()
                .getFirst();
        assertThat(english).isEqualTo(french);
        assertThat(mapped.family())
                .as("« Nom » is ours too, but the mapping names another")
                .isEqualTo("Mensah");
        assertThat(french.given()).isEqualTo("Kofi");
        assertThat(mapping.addresses().getFirst().entity()).isEmpty();
    }

    @Test
    void aFileWithoutItsColumnsIsRefusedWhole() {
        for (String bad : List.of("nom,prenom\na,b\n", "matricule,number\n1,1\n", "matricule\n1\n2\n3\n")) {
            assertThatThrownBy(() -> read(bad, Mapping.none(), 2)).isInstanceOf(ImportRefused.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ,Kofi,Mensah,,,,fr,|NUMBER_MISSING matricule
            é1,Kofi,Mensah,,,,,|BAD_NUMBER matricule
            1,Kofi,Mensah,,,,,|NUMBER_TWICE matricule
            2,"Ko\u202efi",Mensah,,,,,|BAD_NAME prenoms
            2,Kofi,Mensah,,,,de,|BAD_LANGUAGE langue
            2,Kofi,Mensah,agent,2026-02-30,,,|BAD_DATE debut
            2,Kofi,Mensah,agent,31/13/2026,,,|BAD_DATE debut
            2,Kofi,Mensah,agent,,2026-13-01,,|BAD_DATE fin
            2,Kofi,Mensah,agent,0026-01-01,,,|BAD_DATE debut
            2,Kofi,Mensah,agent,2026-02-01,2026-02-01,,|BAD_PERIOD fin
            2,Kofi,Mensah,Agent!,,,,|BAD_CODE postes
            2,Kofi,Mensah,agent=2026-99-01,,,,|BAD_DATE postes
            2,Kofi,Mensah,,,,,kofi@@gouv.tg|BAD_ADDRESS adresse
            2,Kofi,Mensah,,,,,kofi+x@gouv.tg|BAD_ADDRESS adresse
            2,Kofi,Mensah,,,,,root@gouv.tg|RESERVED_ADDRESS adresse
            2,=cmd|FORMULA prenoms
            2,+1+1,Mensah,,,,,|FORMULA prenoms
            2,@SUM(1),Mensah,,,,,|FORMULA prenoms
            2,Ko"fi,Mensah,,,,,|BARE_QUOTE prenoms
            2,Kofi,Mensah,,,,,,,x|TOO_MANY_CELLS 10
            """)
    void whatIsWrongIsToldWithLineAndColumn(String row, String problem) {
        PeopleFile file = read("matricule,prenoms,nom,postes,debut,fin,langue,adresse\n1,Afi,Mensah,,,,,\n" + row
                + "\n9,Ama,Ayité,,,,,\n");
        assertThat(file.rows().stream().map(PersonRow::number)).containsExactly("1", "9");
        assertThat(file.problems()).singleElement().satisfies(it -> {
            assertThat(it.kind() + " " + it.column()).isEqualTo(problem);
            assertThat(it.line()).isEqualTo(3);
            assertThat(it.otherLine()).isEqualTo(it.kind() == Problem.Kind.NUMBER_TWICE ? 2 : 0);
        });
    }

    @Test
    void refusedRowsComeBackReadyToCorrect() {
        PeopleFile file = read("matricule;prenoms;nom;langue\n1;=cmd();\"Men;sah\";\n");
        String back = file.refusedHeader() + file.refusedRow(2, "une formule");
        assertThat(back).isEqualTo("matricule;prenoms;nom;langue;probleme\r\n1;'=cmd();\"Men;sah\";;une formule\r\n");
        String corrected = back.replace("'=cmd()", "Kofi");
        assertThat(read(corrected).rows())
                .singleElement()
                .satisfies(it -> assertThat(it.family()).isEqualTo("Men;sah"));
        assertThat(read(corrected).refusedHeader()).isEqualTo(file.refusedHeader());
    }

    /** A hash that nobody can compare with, or that costs seconds, would be found by who signs in. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21l$MTIzNDU2Nzg5MDEyMzQ1Njc4OTA      | yes
            {SSHA}%1$s                                                                       | yes
            {SSHA512}%1$s                                                                    | no
            {CRYPT}$6$rounds=5000$salt$%2$s                                                  | yes
            {CRYPT}$6$rounds=9999999$salt$%2$s                                               | no
            {CRYPT}$2y$10$%3$s                                                               | yes
            {CRYPT}$2y$31$%3$s                                                               | no
            {PBKDF2-SHA256}10000$c2FsdHNhbHQ$%4$s                                            | yes
            {PBKDF2-SHA256}9999999$c2FsdHNhbHQ$%4$s                                          | no
            {SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=                                                | no
            {CRYPT}abJnggxhB/yWI                                                             | no
            $argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21l$MTIzNDU2Nzg5MDEyMzQ1Njc4OTA    | no
            $argon2id$v=19$m=262144,t=99,p=1$c29tZXNhbHRzb21l$MTIzNDU2Nzg5MDEyMzQ1Njc4OTA    | no
            $argon2id$whatever-stands-here-is-none                                           | no
            secret                                                                           | no
            """)
    void hashesOfOtherDirectoriesComeWithTheFile(String written, String taken) {
        String hash = written.formatted(
                "MTIzNDU2Nzg5MDEyMzQ1Njc4OTBzYWx0",
                "a".repeat(86),
                "a".repeat(53),
                "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI");
        PeopleFile file = read("matricule;nom;empreinte\n1;Mensah;" + hash + "\n2;Ayité;\n");
        if (taken.equals("yes")) {
            assertThat(file.rows().getFirst().hash()).isEqualTo(hash);
        } else {
            assertThat(file.rows()).extracting(PersonRow::number).containsExactly("2");
            assertThat(file.problems()).singleElement().satisfies(it -> {
                assertThat(it.kind()).isEqualTo(Problem.Kind.BAD_HASH);
                assertThat(it.line()).isEqualTo(2);
                assertThat(it.column()).isEqualTo("empreinte");
                assertThat(it.value()).as("no hash is told").isEqualTo("…");
            });
        }
    }

    @Test
    void positionsHaveTheirDates() {
        PersonRow row = read("matricule,postes\n1,agent=2026-01-01/2026-12-31 chef\n")
                .rows()
                .getFirst();
        assertThat(row.positions().orElseThrow())
                .hasToString("[HeldPosition[code=agent, from=2026-01-01T00:00:00Z, until=2026-12-31T00:00:00Z],"
                        + " HeldPosition[code=chef, from=null, until=null]]");
        assertThat(read("matricule,postes\n1,-\n").rows().getFirst().positions())
                .contains(List.of());
        assertThat(read("matricule,postes\n1,\n").rows().getFirst().positions()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyProblemHasItsSentence(Problem.Kind kind) {
        Problem problem = new Problem(kind, 11, 12, "nom", "x", 7, "y");
        assertThat(problem.sentence(Locale.FRENCH, ImportFile.Format.CSV))
                .startsWith("ligne 12, colonne nom : ")
                .endsWith("(voir la ligne 7)");
        assertThat(problem.sentence(Locale.ENGLISH, ImportFile.Format.CSV))
                .startsWith("line 12, column nom: ")
                .endsWith("(see line 7)");
    }

    @ParameterizedTest
    @EnumSource
    void everyRefusalHasItsSentence(ImportRefused.Reason reason) {
        ImportRefused refused = new ImportRefused(reason, "1", "2", "3");
        assertThat(refused.sentence(Locale.FRENCH)).doesNotContain("{").isNotEqualTo(refused.getMessage());
    }

    @Test
    void bothLanguagesSayTheSame() {
        BothLanguages.sayTheSameBeside(Problem.class);
    }

    private static PeopleFile read(String text) {
        return read(text, Mapping.none());
    }

    private static PeopleFile read(String text, Mapping mapping) {
        return read(text, mapping, 1_000);
    }

    private static PeopleFile read(String text, Mapping mapping, int rowsMax) {
        try {
            CsvReader reader = new CsvReader(new ByteArrayInputStream(text.getBytes(UTF_8)));
            return PeopleFile.read(reader.next().orElseThrow(), reader, mapping, rowsMax);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
