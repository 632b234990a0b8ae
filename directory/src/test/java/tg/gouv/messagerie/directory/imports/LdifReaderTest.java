package tg.gouv.messagerie.directory.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.platform.settings.Settings;

/** What other directories write, and what is wrong with it. RFC 2849. */
class LdifReaderTest {
    /** As slapcat writes: every entry of the tree, operational attributes, folded lines, base64. */
    private static final String SLAPCAT = """
            dn: dc=gouv,dc=tg
            objectClass: top
            objectClass: dcObject
            objectClass: organization
            o: gouv
            dc: gouv
            structuralObjectClass: organization

            dn: ou=people,dc=gouv,dc=tg
            objectClass: organizationalUnit
            ou: people

            dn: uid=kofi.mensah,ou=people,dc=gouv,dc=tg
            objectClass: top
            objectClass: inetOrgPerson
            uid: kofi.mensah
            cn: Kofi Mensah
            sn: Mensah
            givenName:: S29maSDDiWxpc8Op
            employeeNumber: M-1
            departmentNumber: budget
            mail: kofi.mensah@gouv.tg
            mail: kofi@gouv.tg
            preferredLanguage: fr-TG, en;q=0.8
            userPassword:: e1NTSEF9Z1ZLOFdDOVl5RlQxZ01zUUhUR0NnVDNzU3Y1ellXeDA=
            jpegPhoto:: /9j/4AAQSkZJRgABAQAAAQABAAD
             /2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQE
            description: une ligne qui
              continue, avec une espace
            entryUUID: 0b3a1c9e-6f5e-103c-8d3b-d5f5a5b5c5d5
            modifyTimestamp: 20260101000000Z

            """;

    @Test
    void whatSlapcatWritesIsRead() {
        PeopleFile file = read(SLAPCAT);
        assertThat(file.format()).isEqualTo(ImportFile.Format.LDIF);
        assertThat(file.rows()).singleElement().satisfies(it -> {
            assertThat(it.line()).isEqualTo(13);
            assertThat(it.number()).isEqualTo("M-1");
            assertThat(it.given()).isEqualTo("Kofi Élisé");
            assertThat(it.family()).isEqualTo("Mensah");
            assertThat(it.entity()).isEqualTo("budget");
            assertThat(it.language()).isEqualTo("fr");
            assertThat(it.address()).isEqualTo("kofi.mensah@gouv.tg");
            assertThat(it.aliases()).containsExactly("kofi@gouv.tg");
            assertThat(it.hash()).startsWith("{SSHA}");
        });
        assertThat(file.problems())
                .filteredOn(it -> it.kind() == Problem.Kind.NOT_PEOPLE)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.line()).isEqualTo(1);
                    assertThat(it.value()).isEqualTo("2");
                    assertThat(it.refuses()).isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void whatLdapsearchWritesOfOursIsRead(String end) {
        String written = """
                # extended LDIF
                #
                # LDAPv3
                # base <ou=people,dc=gouv,dc=tg> with scope subtree, whose comment is fol
                 ded: yes
                version: 1

                # afi.mensah, people, gouv.tg
                dn: uid=afi.mensah,ou=people,dc=gouv,dc=tg
                changetype: add
                objectClass: inetOrgPerson
                objectClass: gouvPerson
                cn;lang-fr: Afi Mensah
                sn: Men
                 sah
                givenName: Afi
                employeeNumber: M-2
                gouvEntityDN: ou=budget,ou=entities,dc=gouv,dc=tg
                gouvPositionDN: cn=agent-budget,ou=positions,dc=gouv,dc=tg
                gouvPositionDN: cn=chef.1,ou=positions,dc=gouv,dc=tg
                mail: afi.mensah@gouv.tg
                gouvMailAlternateAddress: afi@gouv.tg
                gouvMailAlternateAddress: a.mensah@gouv.tg

                # search result
                search: 2
                result: 0 Success

                # numResponses: 2
                """.replace("\n", end);
        for (String mark : List.of("", "\uFEFF")) {
            PeopleFile file = read(mark + written);
            assertThat(file.problems()).isEmpty();
            assertThat(file.rows()).singleElement().satisfies(it -> {
                assertThat(it.family()).isEqualTo("Mensah");
                assertThat(it.entity()).isEqualTo("budget");
                assertThat(it.positions().orElseThrow())
                        .extracting(HeldPosition::code)
                        .containsExactly("agent-budget", "chef.1");
                assertThat(it.aliases()).containsExactly("afi@gouv.tg", "a.mensah@gouv.tg");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            changetype: modify                         | LDIF_CHANGE - 5
            changetype: delete                         | LDIF_CHANGE - 5
            control: 1.2.3 true                        | LDIF_CHANGE - 5
            no colon here                              | LDIF_LINE - 5
            : nothing before it                        | LDIF_LINE - 5
            givenName:< file:///etc/passwd             | LDIF_URL givenName 5
            givenName:: not base64!                    | LDIF_BASE64 givenName 5
            givenName:: /9j/4AAQ                       | LDIF_BINARY givenName 5
            givenName:: AAEC                           | LDIF_BINARY givenName 5
            sn: another                                | SEVERAL_VALUES sn 5
            employeeNumber: other                      | SEVERAL_VALUES employeeNumber 5
            mail: kofi@@gouv.tg                        | BAD_ADDRESS mail 5
            preferredLanguage: de                      | BAD_LANGUAGE preferredLanguage 5
            userPassword: secret                       | BAD_HASH userPassword 5
            """)
    void whatIsWrongIsToldWithLineAndAttribute(String line, String problem) {
        String entry = "dn: uid=b,dc=tg\nobjectClass: person\nemployeeNumber: 2\nsn: Two\n" + line + "\n\n";
        PeopleFile file = read(entry + "dn: uid=a,dc=tg\nobjectClass: person\nemployeeNumber: 1\nsn: One\n");
        assertThat(file.rows()).extracting(PersonRow::number).containsExactly("1");
        assertThat(file.problems())
                .singleElement()
                .satisfies(it -> assertThat(it.kind() + " " + it.column() + " " + it.line())
                        .isEqualTo(problem));
        assertThat(file.problems().getFirst().row()).isEqualTo(1);
        assertThat(file.refusedHeader()).startsWith("matricule;prenoms;nom;entite;");
        assertThat(file.refusedRow(1, "why")).startsWith("2").contains(";Two").endsWith(";why\r\n");
    }

    @Test
    void anEntryBeginsWithItsName() {
        PeopleFile file =
                read("version: 1\ndn: uid=a,dc=tg\nemployeeNumber: 1\nsn: One\n\nsn: Two\nemployeeNumber: 2\n");
        assertThat(file.rows()).extracting(PersonRow::number).containsExactly("1");
        assertThat(file.problems()).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Problem.Kind.LDIF_DN);
            assertThat(it.line()).isEqualTo(6);
        });
    }

    @Test
    void aMappingNamesTheAttributesOfOthers() {
        Mapping mapping = Settings.parse(
                        "mapping",
                        "[columns]\nnumber = \"uid\"\nentity = \"ou\"\nstate = \"employeeType\"\n",
                        Mapping.class,
                        Path.of("/"))
                .value();
        PeopleFile file = read(
                "dn: uid=a,dc=tg\nUID: k1\nsn: One\nou: ou=daf,dc=tg\nemployeeNumber: 7\nemployeeType: actif\n",
                mapping);
        assertThat(file.problems()).isEmpty();
        assertThat(file.rows()).singleElement().satisfies(it -> {
            assertThat(it.number()).isEqualTo("k1");
            assertThat(it.entity()).isEqualTo("daf");
            assertThat(it.state()).isEqualTo("active");
        });
    }

    @Test
    void numbersTwiceNameBothLines() {
        PeopleFile file = read("dn: a\nemployeeNumber: 1\nsn: A\n\ndn: b\nsn: B\nemployeeNumber: 1\n");
        assertThat(file.problems()).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Problem.Kind.NUMBER_TWICE);
            assertThat(it.line()).isEqualTo(7);
            assertThat(it.otherLine()).isEqualTo(1);
        });
    }

    /** Photographs of megabytes are read over; a name of a megabyte is refused where it is. */
    @Test
    void valuesOfAnySizeAreNothingToKeep() throws IOException {
        byte[] photograph = ("jpegPhoto:: "
                        + Base64.getMimeEncoder(76, new byte[] {'\n', ' '}).encodeToString(new byte[3 << 20]) + "\n")
                .getBytes(UTF_8);
        InputStream file = new SequenceInputStream(Collections.enumeration(IntStream.range(0, 20)
                .mapToObj(i -> (InputStream) new SequenceInputStream(Collections.enumeration(List.of(
                        new ByteArrayInputStream(("dn: uid=" + i + "\nemployeeNumber: " + i + "\n").getBytes(UTF_8)),
                        new ByteArrayInputStream(photograph),
                        new ByteArrayInputStream(("sn: N" + i + "\n\n").getBytes(UTF_8))))))
                .toList()));
        PeopleFile people = PeopleFile.read(new LdifReader(file, Mapping.none()), 100);
        assertThat(people.rows()).hasSize(20);
        assertThat(people.problems()).isEmpty();

        PeopleFile long1 =
                read("dn: a\nemployeeNumber: 1\nsn: " + "x".repeat(1 << 20) + "\n\ndn: b\nemployeeNumber: 2\nsn: B\n");
        assertThat(long1.rows()).extracting(PersonRow::number).containsExactly("2");
        assertThat(long1.problems()).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Problem.Kind.CELL_TOO_LONG);
            assertThat(it.line()).isEqualTo(3);
        });
    }

    @Test
    void csvIsNoLdif() throws IOException {
        for (String csv : List.of("matricule;nom\n1;x\n", "dn;nom\n", "# a\nnumber,family\n", "")) {
            assertThat(isLdif(csv)).as(csv).isFalse();
        }
        for (String ldif : List.of("dn: a\n", "\uFEFF# c\n d\n\nversion: 1\n", "DN:: YQ==\r\n")) {
            assertThat(isLdif(ldif)).as(ldif).isTrue();
        }
    }

    private static boolean isLdif(String text) throws IOException {
        return LdifReader.isLdif(new BufferedInputStream(new ByteArrayInputStream(text.getBytes(UTF_8))));
    }

    private static PeopleFile read(String text) {
        return read(text, Mapping.none());
    }

    private static PeopleFile read(String text, Mapping mapping) {
        try {
            return PeopleFile.read(new LdifReader(new ByteArrayInputStream(text.getBytes(UTF_8)), mapping), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
