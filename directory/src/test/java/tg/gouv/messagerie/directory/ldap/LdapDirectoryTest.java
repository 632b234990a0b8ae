package tg.gouv.messagerie.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.naming.AuthenticationException;
import javax.naming.CommunicationException;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.NoPermissionException;
import javax.naming.directory.Attributes;
import javax.naming.directory.BasicAttribute;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.ModificationItem;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.Control;
import javax.naming.ldap.ExtendedRequest;
import javax.naming.ldap.ExtendedResponse;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.PagedResultsControl;
import javax.naming.ldap.PagedResultsResponseControl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.database.Sql;

@SuppressWarnings("BanJNDI") // the JDK's LDAP client, asking our own server
class LdapDirectoryTest extends LdapTest {
    private static final String KOFI_ADDRESS = "kofi.mensah@gouv.tg";
    private static final String APPLICATIONS = "ou=applications," + BASE;

    @AfterEach
    void back() {
        away.set(false);
    }

    @Test
    void anonymousAndInTheClearOnlyTheRootEntryIsRead() throws Exception {
        LdapContext context = plain();
        Attributes root = context.getAttributes(
                "", new String[] {"namingContexts", "supportedExtension", "supportedSASLMechanisms"});
        assertThat(root.get("namingContexts").get()).isEqualTo(BASE);
        assertThat(root.get("supportedExtension").contains("1.3.6.1.4.1.1466.20037"))
                .isTrue();
        assertThat(root.get("supportedSASLMechanisms")).isNull();
        assertThatThrownBy(() -> names(context, BASE, "(cn=*)"))
                .isInstanceOf(NamingException.class)
                .hasMessageContaining("error code 13");
        LdapContext anonymous = as("", "");
        assertThatThrownBy(() -> names(anonymous, BASE, "(uid=kofi.mensah)"))
                .isInstanceOf(NoPermissionException.class)
                .hasMessageContaining("error code 50");
        assertThatThrownBy(() -> anonymous.getAttributes("cn=schema")).isInstanceOf(NoPermissionException.class);
    }

    @Test
    void aPersonSignsInByNameOrAddressOverTlsOrAfterStartTls() throws Exception {
        for (String name : List.of(KOFI, "kofi.mensah@gouv.tg", "UID=Kofi.Mensah, OU=People, DC=gouv, DC=tg")) {
            assertThat(names(as(name, SECRET), BASE, "(uid=kofi.mensah)"))
                    .as(name)
                    .containsExactly(KOFI);
        }
        assertThat(names(startedTls(KOFI, SECRET), BASE, "(mail=kofi.mensah@gouv.tg)"))
                .containsExactly(KOFI);
        assertThatThrownBy(() -> as(KOFI, "autre chose"))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("error code 49");
        assertThatThrownBy(() -> as("uid=personne,ou=people," + BASE, SECRET)).hasMessageContaining("error code 49");
        assertThatThrownBy(() -> as("cn=budget,ou=functions," + BASE, SECRET)).hasMessageContaining("error code 49");
    }

    @Test
    void aRoomIsFoundByWhatItHas() throws Exception {
        directories
                .provisioning()
                .room(
                        new Room(
                                MailAddress.of("salle.a@gouv.tg"),
                                "Salle A",
                                new EntityCode("energie"),
                                Room.Type.ROOM,
                                OptionalInt.of(12),
                                "Bâtiment B",
                                Set.of("visio"),
                                Opening.parse("Mo-Fr 07:00-18:00"),
                                Optional.empty()),
                        Optional.empty());
        LdapContext context = as(KOFI, SECRET);
        String room = "cn=salle.a,ou=rooms," + BASE;
        assertThat(names(
                        context,
                        "ou=rooms," + BASE,
                        "(&(objectClass=gouvRoom)(gouvRoomFeature=VISIO)(gouvRoomCapacity>=10))"))
                .containsExactly(room);
        assertThat(names(context, BASE, "(&(l=batiment*)(objectClass=room))")).containsExactly(room);
        assertThatThrownBy(() -> names(context, BASE, "(gouvRoomCapacity=12)")).hasMessageContaining("error code 53");
    }

    @Test
    void namesAreFoundWithoutAccentsByPartsAndOtherWays() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        assertThat(names(context, BASE, "(cn=elise kpodar)")).containsExactly(ELISE);
        assertThat(names(context, BASE, "(|(cn=*kpod*)(mail=kpod*))")).containsExactly(ELISE);
        assertThat(names(context, BASE, "(&(objectClass=inetOrgPerson)(cn=ÉL*dar)(!(uid=kofi.mensah)))"))
                .containsExactly(ELISE);
        assertThat(names(context, BASE, "(member=" + KOFI + ")")).containsExactly("cn=budget,ou=functions," + BASE);
        assertThat(names(context, BASE, "(roleOccupant=uid=KOFI.mensah,ou=people," + BASE + ")"))
                .containsExactly("cn=directeur-budget,ou=positions," + BASE);
        assertThat(names(context, "ou=entities," + BASE, "(ou=*energie*)"))
                .containsExactly("ou=energie,ou=entities," + BASE);
        assertThat(names(context, BASE, "(cn:caseIgnoreMatch:=kofi mensah)")).containsExactly(KOFI);
        assertThatThrownBy(() -> names(context, "ou=rien," + BASE, "(cn=x)")).isInstanceOf(NameNotFoundException.class);
    }

    @Test
    void privateAttributesAreTheOwnersAloneAndSearchesDoNotSpellThemOut() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        assertThat(context.getAttributes(KOFI).get("employeeNumber").get()).isEqualTo("1");
        Attributes other = context.getAttributes(ELISE);
        assertThat(other.get("employeeNumber")).isNull();
        assertThat(other.get("mail").get()).isEqualTo("elise.kpodar@gouv.tg");
        assertThat(other.get("gouvEntityDN").get()).isEqualTo("ou=energie,ou=entities," + BASE);
        assertThat(names(context, BASE, "(&(uid=elise.kpodar)(employeeNumber=2))"))
                .isEmpty();
        assertThat(names(context, BASE, "(&(uid=elise.kpodar)(!(employeeNumber=7)))"))
                .isEmpty();
        assertThat(names(context, BASE, "(employeeNumber=2)")).isEmpty();
    }

    @Test
    void whatNoIndexNarrowsIsRefusedAndMuchIsCut() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        assertThatThrownBy(() -> names(context, BASE, "(objectClass=inetOrgPerson)"))
                .hasMessageContaining("error code 53");
        assertThatThrownBy(() -> names(context, BASE, "(sn=nombreux)")).hasMessageContaining("error code 4");
        assertThat(found(context, BASE, "(objectClass=*)", SearchControls.ONELEVEL_SCOPE))
                .hasSize(7);
        assertThat(names(as(ELISE, SECRET), BASE, "(objectClass=inetOrgPerson)"))
                .hasSize(62);
    }

    @Test
    void pagesGiveEveryEntryOnce() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        List<String> all = new ArrayList<>();
        byte[] cookie = null;
        int pages = 0;
        do {
            context.setRequestControls(new Control[] {new PagedResultsControl(25, cookie, Control.CRITICAL)});
            SearchControls controls = new SearchControls();
            controls.setSearchScope(SearchControls.SUBTREE_SCOPE);
            NamingEnumeration<SearchResult> page = context.search(BASE, "(sn=nombreux)", controls);
            while (page.hasMore()) {
                all.add(page.next().getNameInNamespace());
            }
            cookie = ((PagedResultsResponseControl) context.getResponseControls()[0]).getCookie();
            pages++;
        } while (cookie != null && cookie.length > 0);
        assertThat(all).hasSize(60).doesNotHaveDuplicates();
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void comparesAndSaysWhoIAmAndWhatTheSchemaIs() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        assertThat(found(context, ELISE, "(cn=elise kpodar)", SearchControls.OBJECT_SCOPE, "1.1"))
                .hasSize(1);
        Attributes schema = context.getAttributes("cn=schema", new String[] {"objectClasses", "attributeTypes"});
        assertThat(String.valueOf(schema.get("objectClasses"))).contains("gouvPerson", "inetOrgPerson");
        assertThat(String.valueOf(schema.get("attributeTypes"))).contains("gouvPositionDN");
    }

    @Test
    void everybodyChangesTheirOwnPasswordWithTheMainOneTheyHad() throws Exception {
        String device = directories
                .devicePasswords()
                .issue(
                        directories
                                .directory()
                                .byAddress(MailAddress.of("kofi.mensah@gouv.tg"))
                                .orElseThrow()
                                .id(),
                        "annuaire",
                        Set.of(SignIns.Protocol.LDAP),
                        Optional.empty())
                .password()
                .reveal();
        as(KOFI, device).close();
        LdapContext kofi = as(KOFI, SECRET);
        assertThatThrownBy(() -> kofi.extendedOperation(new PasswordModify("", device, "une phrase a moi")))
                .isInstanceOf(NamingException.class)
                .hasMessageContaining("device password");
        assertThatThrownBy(() -> kofi.extendedOperation(new PasswordModify("", "pas celui-la", "une phrase a moi")))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> kofi.extendedOperation(new PasswordModify(ELISE, SECRET, "une phrase a moi")))
                .isInstanceOf(NoPermissionException.class);
        kofi.extendedOperation(new PasswordModify("", SECRET, "une phrase a moi"));
        as(KOFI, "une phrase a moi").extendedOperation(new PasswordModify(KOFI, "une phrase a moi", SECRET));
        as(KOFI, SECRET).close();
        assertThat(trail.events().stream().filter(event -> event.act().equals("directory-password")))
                .anySatisfy(event -> assertThat(event.circumstances().actor().text())
                        .isEqualTo(event.subject().text()));
    }

    @Test
    void aConnectionEndsWithWhatItsSignInStandsOn() throws Exception {
        AccountId ama = directories
                .directory()
                .byAddress(MailAddress.of("ama.1@gouv.tg"))
                .orElseThrow()
                .id();
        DevicePasswords.Issued device =
                directories.devicePasswords().issue(ama, "annuaire", Set.of(SignIns.Protocol.LDAP), Optional.empty());
        LdapContext byDevice = as("ama.1@gouv.tg", device.password().reveal());
        LdapContext other = as(KOFI, SECRET);
        assertThat(directories.sessions().of(ama))
                .singleElement()
                .satisfies(live -> assertThat(live.protocol()).isEqualTo(SignIns.Protocol.LDAP));
        directories.devicePasswords().revoke(ama, device.id());
        long late = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!directories.sessions().of(ama).isEmpty() && System.nanoTime() < late) {
            Thread.onSpinWait();
        }
        assertThat(directories.sessions().of(ama)).isEmpty();
        assertThatThrownBy(() -> names(byDevice, BASE, "(uid=kofi.mensah)")).isInstanceOf(NamingException.class);
        assertThat(names(other, BASE, "(uid=kofi.mensah)")).hasSize(1);
        other.close();
    }

    /** RFC 3062 section 2: a sequence of who [0], the old [1] and the new password [2]; each is short here. */
    private record PasswordModify(String who, String before, String after) implements ExtendedRequest {
        @Override
        public String getID() {
            return "1.3.6.1.4.1.4203.1.11.1";
        }

        @Override
        public byte[] getEncodedValue() {
            ByteArrayOutputStream parts = new ByteArrayOutputStream();
            List<String> texts = List.of(who, before, after);
            for (int i = 0; i < texts.size(); i++) {
                if (!texts.get(i).isEmpty()) {
                    byte[] bytes = texts.get(i).getBytes(StandardCharsets.UTF_8);
                    parts.write(0x80 + i);
                    parts.write(bytes.length);
                    parts.writeBytes(bytes);
                }
            }
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.write(0x30);
            whole.write(parts.size());
            whole.writeBytes(parts.toByteArray());
            return whole.toByteArray();
        }

        @Override
        public @Nullable ExtendedResponse createExtendedResponse(
                @Nullable String id, byte @Nullable [] value, int offset, int length) {
            return null;
        }
    }

    @Test
    void whenPostgresqlIsAwayBindsAreUnavailableAndNotWrong() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        away.set(true);
        assertThatThrownBy(() -> as(KOFI, SECRET)).hasMessageContaining("error code 52");
        assertThatThrownBy(() -> as("kofi.mensah@gouv.tg", "faux")).hasMessageContaining("error code 52");
        assertThatThrownBy(() -> names(context, BASE, "(uid=kofi.mensah)")).hasMessageContaining("error code 52");
        away.set(false);
        assertThat(names(context, BASE, "(uid=kofi.mensah)")).hasSize(1);
    }

    @Test
    void anAdministratorWritesBelowApplicationsAndNobodyElsewhere() throws Exception {
        LdapContext admin = as(ELISE, SECRET);
        trail.events().clear();
        String name = "cn=imprimantes," + APPLICATIONS;
        admin.createSubcontext(name, group("imprimantes", KOFI)).close();
        assertThat(names(admin, APPLICATIONS, "(member=" + KOFI + ")")).containsExactly(name);
        admin.modifyAttributes(name, new ModificationItem[] {
            new ModificationItem(DirContext.ADD_ATTRIBUTE, new BasicAttribute("member", ELISE))
        });
        assertThat(names(admin, BASE, "(member=" + ELISE + ")")).containsExactly(name);
        assertThatThrownBy(() -> admin.createSubcontext(name, group("imprimantes", KOFI)))
                .hasMessageContaining("error code 68");
        assertThatThrownBy(() -> admin.createSubcontext("cn=vide," + APPLICATIONS, group("vide", null)))
                .hasMessageContaining("error code 65");
        admin.rename(name, "cn=imprimante," + APPLICATIONS);
        assertThat(names(admin, BASE, "(cn=imprimante)")).containsExactly("cn=imprimante," + APPLICATIONS);
        admin.destroySubcontext("cn=imprimante," + APPLICATIONS);
        assertThat(names(admin, BASE, "(cn=imprimante)")).isEmpty();
        assertThat(trail.events().stream().map(event -> event.act()).filter("directory-ldap-entry"::equals))
                .hasSize(4);

        assertThatThrownBy(() -> as(KOFI, SECRET).createSubcontext(name, group("imprimantes", KOFI)))
                .isInstanceOf(NoPermissionException.class);
        assertThatThrownBy(() -> admin.createSubcontext("cn=faux,ou=groups," + BASE, group("faux", KOFI)))
                .hasMessageContaining("error code 53");
        assertThatThrownBy(() -> admin.destroySubcontext(KOFI)).hasMessageContaining("error code 53");
        Attributes twin = group("twin", KOFI);
        twin.get("objectClass").add("gouvFunction");
        twin.put("mail", "kofi.mensah@gouv.tg");
        assertThatThrownBy(() -> admin.createSubcontext("cn=twin," + APPLICATIONS, twin))
                .hasMessageContaining("error code 19");
    }

    @Test
    void whatTheDirectoryShowsIsChangedByItsActs() throws Exception {
        LdapContext kofi = as(KOFI, SECRET);
        String ama = "uid=ama.2,ou=people," + BASE;
        assertThatThrownBy(() -> kofi.modifyAttributes(ama, replace("sn", "Lawson")))
                .isInstanceOf(NoPermissionException.class)
                .hasMessageContaining("error code 50");
        UUID grant = granted(KOFI_ADDRESS, Set.of(Right.PEOPLE, Right.STRUCTURE));
        trail.events().clear();
        kofi.modifyAttributes(ama, replace("sn", "Lawson", "givenName", "Amavi", "preferredLanguage", "en"));
        Attributes changed = kofi.getAttributes(ama);
        assertThat(changed.get("cn").get()).isEqualTo("Amavi Lawson");
        assertThat(changed.get("preferredLanguage").get()).isEqualTo("en");
        assertThat(trail.events())
                .anySatisfy(event -> assertThat(event.circumstances().actor().text())
                        .isEqualTo("account:" + accountOf(KOFI_ADDRESS)));
        kofi.modifyAttributes(ama, replace("mail", "amavi.lawson@gouv.tg"));
        assertThat(names(kofi, BASE, "(mail=amavi.lawson@gouv.tg)")).containsExactly(ama);
        kofi.modifyAttributes(ama, replace("givenName", null)); // people of one name
        assertThat(kofi.getAttributes(ama).get("cn").get()).isEqualTo("Lawson");
        assertThat(kofi.getAttributes(ama).get("givenName")).isNull();
        kofi.modifyAttributes(ama, replace("givenName", "Ama2", "sn", "Nombreux"));

        String energy = "ou=energie,ou=entities," + BASE;
        kofi.modifyAttributes(energy, replace("displayName", "Ministère de l'Énergie et des Mines"));
        assertThat(kofi.getAttributes(energy).get("ou").contains("Ministère de l'Énergie et des Mines"))
                .isTrue();
        kofi.modifyAttributes(energy, new ModificationItem[] {
            new ModificationItem(
                    DirContext.REMOVE_ATTRIBUTE, new BasicAttribute("ou", "Ministère de l'Énergie et des Mines")),
            new ModificationItem(DirContext.ADD_ATTRIBUTE, new BasicAttribute("ou", "Ministère de l'Énergie"))
        });
        assertThat(kofi.getAttributes(ama).get("ou").get()).isEqualTo("Ministère de l'Énergie");
        String director = "cn=directeur-budget,ou=positions," + BASE;
        kofi.modifyAttributes(director, replace("displayName", "Directrice du Budget"));
        assertThat(kofi.getAttributes(KOFI).get("title").get()).isEqualTo("Directrice du Budget");
        kofi.modifyAttributes(director, replace("displayName", "Directeur du Budget"));
        directories.provisioning().revoke(grant);
    }

    @ParameterizedTest
    @CsvSource({
        "uid=ama.3, userPassword, secret, 53, RFC 3062",
        "uid=ama.3, title, Ministre, 53, reassign",
        "uid=ama.3, employeeNumber, 7, 53, registration number",
        "uid=ama.3, telephoneNumber, +228 22 00 00 00, 53, does not keep",
        "uid=ama.3, uid, autre, 53, never changes",
        "uid=ama.3, cn, Autre Nom, 19, givenName and sn",
        "uid=ama.3, preferredLanguage, ewe, 19, language",
        "uid=ama.3, departmentNumber, personne, 19, personne",
        "uid=ama.3, mail, pas une adresse, 21, address",
        "uid=ama.3, mail, elise.kpodar@gouv.tg, 19, elise.kpodar",
        "uid=ama.3, entryUUID, 0, 19, operational",
        "uid=ama.3, inconnu, x, 17, not known"
    })
    void whatIsNoActIsRefusedWithWhy(String who, String attribute, String value, int code, String why)
            throws Exception {
        UUID grant = granted(KOFI_ADDRESS, Set.of(Right.PEOPLE, Right.STRUCTURE));
        try {
            LdapContext kofi = as(KOFI, SECRET);
            assertThatThrownBy(() -> kofi.modifyAttributes(who + ",ou=people," + BASE, replace(attribute, value)))
                    .hasMessageContaining("error code " + code)
                    .hasMessageContaining(why);
        } finally {
            directories.provisioning().revoke(grant);
        }
    }

    @Test
    void whoMayLookReadsAndFindsByPrivateAttributes() throws Exception {
        assertThat(as(KOFI, SECRET).getAttributes(ELISE).get("employeeNumber")).isNull();
        UUID grant = directories
                .provisioning()
                .grant(new Grant(
                        new Grant.OfAccount(new AccountId(UUID.fromString(accountOf(KOFI_ADDRESS)))),
                        Set.of(Right.LOOK),
                        Optional.of(new EntityCode("energie")),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty()));
        LdapContext kofi = as(KOFI, SECRET);
        assertThat(kofi.getAttributes(ELISE).get("employeeNumber").get()).isEqualTo("2");
        assertThat(names(kofi, BASE, "(employeeNumber=2)")).containsExactly(ELISE);
        directories.provisioning().revoke(grant);
        assertThat(names(as(KOFI, SECRET), BASE, "(employeeNumber=2)")).isEmpty();
    }

    @Test
    void everyLetterIsFoldedInJavaAsInSql() {
        Map<Integer, String> inSql = new TreeMap<>();
        database.connections("test", "directory", 2)
                .autoCommit(c -> Sql.query(c, row -> inSql.put(row.getInt(1), row.getString(2)), """
                select n, ldap_fold('x' || chr(n) || 'y') from generate_series(1, 65535) n
                where n not between 55296 and 57343
                """));
        assertThat(inSql).hasSize(65_535 - 2_048);
        Map<Integer, String> inJava = new TreeMap<>();
        inSql.keySet().forEach(n -> inJava.put(n, Folded.indexed("x" + Character.toString(n) + "y")));
        assertThat(inJava).isEqualTo(inSql);
    }

    private String accountOf(String address) {
        return directories
                .directory()
                .byAddress(MailAddress.of(address))
                .orElseThrow()
                .id()
                .toString();
    }

    private UUID granted(String address, Set<Right> rights) {
        return directories
                .provisioning()
                .grant(new Grant(
                        new Grant.OfAccount(new AccountId(UUID.fromString(accountOf(address)))),
                        rights,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static ModificationItem[] replace(@Nullable String... namesAndValues) {
        ModificationItem[] all = new ModificationItem[namesAndValues.length / 2];
        for (int i = 0; i < all.length; i++) {
            BasicAttribute attribute = new BasicAttribute(String.valueOf(namesAndValues[2 * i]));
            if (namesAndValues[2 * i + 1] != null) {
                attribute.add(namesAndValues[2 * i + 1]);
            }
            all[i] = new ModificationItem(DirContext.REPLACE_ATTRIBUTE, attribute);
        }
        return all;
    }

    @Test
    void errorsRepeatNothingOfWhatWasAsked() throws Exception {
        LdapContext admin = as(ELISE, SECRET);
        Attributes secret = group("secret", KOFI);
        secret.put("userPassword", "motdepasse-tres-secret");
        assertThatThrownBy(() -> admin.createSubcontext("cn=secret," + APPLICATIONS, secret))
                .hasMessageContaining("error code 53")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("motdepasse"));
    }

    @Test
    void whoIsRefusedReadsWhichPageOfTheHelpSaysMore() {
        assertThatThrownBy(() -> as(KOFI, "faux"))
                .hasMessageContaining("error code 49")
                .hasMessageContaining("(aide E01)");
    }

    @Test
    void connectionsThatEndAreForgotten() throws Exception {
        LdapContext context = as(KOFI, SECRET);
        assertThat(ldap.connected()).isPositive();
        context.close();
        assertThatThrownBy(() -> names(context, BASE, "(cn=x)"))
                .isInstanceOfAny(CommunicationException.class, NamingException.class);
    }

    private static Attributes group(String name, @Nullable String member) {
        Attributes attributes = new BasicAttributes(true);
        BasicAttribute classes = new BasicAttribute("objectClass", "top");
        classes.add("groupOfNames");
        attributes.put(classes);
        attributes.put("cn", name);
        if (member != null) {
            attributes.put("member", member);
        }
        return attributes;
    }
}
