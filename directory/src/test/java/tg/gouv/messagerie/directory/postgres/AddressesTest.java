package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;

/** Further addresses of accounts, and domains that are an entity's. */
class AddressesTest extends DirectoryTest {
    private static final MailAddress SHORT = MailAddress.of("k.mensah@gouv.tg");
    private static final EntityCode WATER = new EntityCode("eau");

    private AccountId kofi;
    private AccountId akossiwa;

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        kofi = account(SmallState.KOFI).id();
        akossiwa = account(SmallState.AKOSSIWA).id();
        trail.events().clear();
    }

    @Test
    void aFurtherAddressDeliversUntilItIsTakenAway() {
        assertThat(provisioning.alias(kofi, SHORT)).isTrue();
        assertThat(provisioning.alias(kofi, SHORT)).as("he has it").isFalse();
        assertThat(directory.byAddress(SHORT).orElseThrow().id()).isEqualTo(kofi);
        assertThat(query(
                        "select (attrs -> 'gouvMailAlternateAddress')::text from ldap_entry where dn like 'uid=kofi%'"))
                .containsExactly("[\"k.mensah@gouv.tg\"]");
        assertThat(provisioning.retire(kofi, SHORT)).isTrue();
        assertThat(provisioning.retire(kofi, SHORT)).as("he has it no more").isFalse();
        assertThat(directory.byAddress(SHORT)).isEmpty();
        assertThat(query("select attrs -> 'gouvMailAlternateAddress' from ldap_entry where dn like 'uid=kofi%'"))
                .containsExactly((String) null);
        assertThat(trail.events().stream().map(it -> it.act()))
                .containsExactly("directory-alias", "directory-address-retired");
        assertThat(refused(() -> provisioning.retire(kofi, SmallState.KOFI))).isEqualTo(Reason.PRIMARY_ADDRESS);
    }

    @Test
    void whatWasTakenAwayIsGivenToNobodyElse() {
        provisioning.alias(kofi, SHORT);
        provisioning.retire(kofi, SHORT);
        assertThat(refused(() -> provisioning.alias(akossiwa, SHORT))).isEqualTo(Reason.ADDRESS_TAKEN);
        assertThat(look.<Map<?, ?>, RuntimeException>autoCommit(
                        c -> new PostgresPresent(c).owners(List.of(SHORT.toString()))))
                .as("nor by an import")
                .hasSize(1);
        assertThat(look.<Set<String>, RuntimeException>autoCommit(c -> new PostgresPresent(c).localParts("gouv.tg")))
                .contains("k.mensah");
        assertThat(provisioning.alias(kofi, SHORT)).as("he may have it again").isTrue();
        assertThat(query("select address from retired_address")).isEmpty();
    }

    @Test
    void whoGivesAnAddressHasWhatTheAccountHas() {
        grant(kofi, Right.PEOPLE, "energie");
        assertThat(refusedAs(kofi, akossiwa, MailAddress.of("a.mensah@gouv.tg")))
                .as("she holds a function mailbox, which would be written to and read")
                .containsExactly(Reason.NO_RIGHT);
        grant(kofi, Right.FUNCTION_MAILBOXES, "energie");
        assertThat(refusedAs(kofi, akossiwa, MailAddress.of("a.mensah@gouv.tg")))
                .isEmpty();
    }

    @Test
    void aDomainThatIsAnEntitysIsGivenByWhoHasTheRightThere() {
        provisioning.entity(new Entity(WATER, "Eau", Optional.empty()));
        assertThat(provisioning.domain(new Domain("Eau.gouv.tg", Optional.of(WATER))))
                .isTrue();
        assertThat(provisioning.domain(new Domain("eau.gouv.tg", Optional.of(WATER))))
                .isFalse();
        assertThat(directories.register().domains())
                .containsExactly(
                        new Domain("eau.gouv.tg", Optional.of(WATER)), new Domain("gouv.tg", Optional.empty()));
        grant(akossiwa, Right.PEOPLE, "energie");
        MailAddress minister = MailAddress.of("ministre@eau.gouv.tg");
        assertThat(refusedAs(akossiwa, kofi, minister)).containsExactly(Reason.NO_RIGHT);
        grant(akossiwa, Right.PEOPLE, "eau");
        assertThat(refusedAs(akossiwa, kofi, minister)).isEmpty();
        provisioning.domain(new Domain("eau.gouv.tg", Optional.empty()));
        assertThat(directories.register().domains().getFirst().entity()).isEmpty();
        assertThat(refused(() -> provisioning.domain(new Domain("pas un domaine", Optional.empty()))))
                .isEqualTo(Reason.BAD_DOMAIN);
    }

    private void grant(AccountId holder, Right right, String entity) {
        provisioning.grant(new Grant(
                new Grant.OfAccount(holder),
                Set.of(right),
                Optional.of(new EntityCode(entity)),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private List<Reason> refusedAs(AccountId actor, AccountId account, MailAddress alias) {
        List<Reason> reasons = new ArrayList<>();
        new Circumstances(clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here())
                .run(() -> {
                    try {
                        provisioning.alias(account, alias);
                    } catch (ProvisioningRefused e) {
                        reasons.add(e.reason());
                    }
                });
        return reasons;
    }

    private static Reason refused(Runnable act) {
        return catchThrowableOfType(ProvisioningRefused.class, act::run).reason();
    }
}
