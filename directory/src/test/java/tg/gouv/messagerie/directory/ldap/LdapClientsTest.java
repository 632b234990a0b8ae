package tg.gouv.messagerie.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import javax.naming.NameNotFoundException;
import javax.naming.directory.Attributes;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.BasicControl;
import javax.naming.ldap.Control;
import javax.naming.ldap.ExtendedRequest;
import javax.naming.ldap.ExtendedResponse;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.SortControl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What well-known programs ask, as OpenLDAP's slapd answers it with the same entries. */
@SuppressWarnings("BanJNDI") // the JDK's LDAP client, asking our own server
class LdapClientsTest extends LdapTest {
    private static final String PEOPLE = "ou=people," + BASE;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Thunderbird's address book
                "(&(|(displayName=*kpod*)(cn=*kpod*)(mail=*kpod*)(sn=*kpod*)(givenName=*kpod*))(mail=*))",
                "(|(cn=*kpod*)(mail=*kpod*)(sn=*kpod*))",
                // Outlook, Evolution
                "(|(mail=elise.kpodar*)(|(cn=elise.kpodar*)(|(sn=elise.kpodar*)(givenName=elise.kpodar*))))",
                // SSSD: a user by name and by address
                "(&(uid=elise.kpodar)(objectclass=inetOrgPerson)(uid=*))",
                "(&(mail=ELISE.KPODAR@gouv.tg)(objectclass=inetOrgPerson))",
                "(&(objectClass=person)(|(uid=elise.kpodar)(mail=elise.kpodar)))",
                // names as people type them
                "(cn~=kpodar)",
                "(2.5.4.3=Elise KPODAR)",
                "(&(sn=kpodar)(|(nosuch=1)(uid=elise.kpodar)))",
                "(entryDN=uid=elise.kpodar,ou=people,dc=gouv,dc=tg)"
            })
    void somebodyIsFound(String filter) throws Exception {
        String base = filter.contains("entryDN") ? ELISE : BASE;
        assertThat(names(as(KOFI, SECRET), base, filter)).containsExactly(ELISE);
    }

    @Test
    void sssdFindsTheGroupsOfSomebodyAndReadsAnEntryByItsName() throws Exception {
        LdapContext kofi = as(KOFI, SECRET);
        assertThat(names(kofi, BASE, "(&(member=" + KOFI + ")(objectClass=groupOfNames)(cn=*))"))
                .containsExactly("cn=budget,ou=functions," + BASE);
        List<SearchResult> own = found(
                kofi,
                KOFI,
                "(objectClass=*)",
                SearchControls.OBJECT_SCOPE,
                "objectClass",
                "uid",
                "cn",
                "uidNumber",
                "modifyTimestamp",
                "entryUUID",
                "memberOf");
        assertThat(Stream.of("uid", "cn", "entryUUID", "modifyTimestamp"))
                .allMatch(name -> own.getFirst().getAttributes().get(name) != null);
        assertThat(found(kofi, KOFI, "(objectClass=posixAccount)", SearchControls.OBJECT_SCOPE))
                .isEmpty();
    }

    @Test
    void theAttributesOfAClassAreAskedForByItsName() throws Exception {
        Attributes attributes = as(KOFI, SECRET).getAttributes(ELISE, new String[] {"@organizationalPerson"});
        assertThat(attributes.get("sn").get()).isEqualTo("Kpodar");
        assertThat(attributes.get("ou")).isNotNull();
        assertThat(attributes.get("mail")).isNull();
    }

    @Test
    void whatIsNotThereIsAnsweredWithTheEntryAboveIt() throws Exception {
        assertThatThrownBy(() -> names(as(KOFI, SECRET), "cn=x,uid=y," + PEOPLE, "(cn=x)"))
                .isInstanceOfSatisfying(
                        NameNotFoundException.class,
                        e -> assertThat(String.valueOf(e.getMessage())).contains("error code 32"));
    }

    @Test
    void aCriticalControlThatIsNotObeyedIsRefusedAndAnotherIsNotMinded() throws Exception {
        LdapContext kofi = as(KOFI, SECRET);
        kofi.setRequestControls(new Control[] {new SortControl("cn", Control.CRITICAL)});
        assertThatThrownBy(() -> names(kofi, BASE, "(sn=kpodar)")).hasMessageContaining("error code 12");
        kofi.setRequestControls(new Control[] {new BasicControl("1.2.3.4", true, null)});
        assertThatThrownBy(() -> names(kofi, BASE, "(sn=kpodar)")).hasMessageContaining("error code 12");
        kofi.setRequestControls(new Control[] {new SortControl("cn", Control.NONCRITICAL)});
        assertThat(names(kofi, BASE, "(sn=kpodar)")).containsExactly(ELISE);
    }

    @Test
    void comparingAnAttributeThatIsNotThereSaysSo() throws Exception {
        LdapContext kofi = as(KOFI, SECRET);
        assertThat(found(kofi, ELISE, "(sn=KPODAR)", SearchControls.OBJECT_SCOPE, new String[0]))
                .hasSize(1);
        SearchControls compares = new SearchControls();
        compares.setSearchScope(SearchControls.OBJECT_SCOPE);
        compares.setReturningAttributes(new String[0]);
        assertThat(kofi.search(ELISE, "(sn=KPODAR)", compares).hasMore()).isTrue();
        assertThat(kofi.search(ELISE, "(sn=mensah)", compares).hasMore()).isFalse();
        assertThatThrownBy(() -> kofi.search(ELISE, "(description=x)", compares).hasMore())
                .hasMessageContaining("error code 16");
    }

    @Test
    void anOperationThatIsNotKnownIsAnsweredAndTheConnectionGoesOn() throws Exception {
        LdapContext kofi = as(KOFI, SECRET);
        assertThatThrownBy(() -> kofi.extendedOperation(new Operation("1.2.3.4")))
                .hasMessageContaining("error code 2");
        assertThat(names(kofi, BASE, "(sn=kpodar)")).containsExactly(ELISE);
        assertThat(Operation.text(kofi.extendedOperation(new Operation("1.3.6.1.4.1.4203.1.11.3"))))
                .isEqualTo("dn:" + KOFI);
        assertThat(Operation.text(as("", "").extendedOperation(new Operation("1.3.6.1.4.1.4203.1.11.3"))))
                .isEmpty();
    }

    /** An extended operation without a value; its answer's value is text. */
    private record Operation(String oid) implements ExtendedRequest {
        @Override
        public String getID() {
            return oid;
        }

        @Override
        public byte @Nullable [] getEncodedValue() {
            return null;
        }

        @Override
        public ExtendedResponse createExtendedResponse(
                @Nullable String id, byte @Nullable [] value, int offset, int length) {
            return new Answer(
                    value == null
                            ? "no value"
                            : new String(value, offset, length, java.nio.charset.StandardCharsets.UTF_8));
        }

        static String text(ExtendedResponse response) {
            return ((Answer) response).text();
        }
    }

    private record Answer(String text) implements ExtendedResponse {
        @Override
        public @Nullable String getID() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncodedValue() {
            return null;
        }
    }
}
