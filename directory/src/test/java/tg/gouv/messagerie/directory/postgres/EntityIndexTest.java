package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.EntityIndex;
import tg.gouv.messagerie.directory.provisioning.EntityIndex.Found;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;

/** Entities are found by their names where who asks has a right; there, it is told who waits for a letter. */
class EntityIndexTest extends DirectoryTest {
    private EntityIndex entities;
    private AccountId kofi;

    @BeforeEach
    void provision() {
        entities = directories.entities();
        provisioning.apply(SmallState.state(Map.of()));
        entity("education", "Éducation nationale", "energie-nulle");
        entity("lycee", "Lycée d’Almeida", "education");
        entity("budget-solde", "Service de la solde", "budget");
        kofi = account(SmallState.KOFI).id();
    }

    private void entity(String code, String name, String parent) {
        provisioning.entity(new Entity(
                new EntityCode(code),
                name,
                parent.equals("energie-nulle") ? Optional.empty() : Optional.of(new EntityCode(parent))));
    }

    private void give(Right right, Optional<EntityCode> entity) {
        provisioning.grant(new Grant(
                new Grant.OfAccount(kofi),
                Set.of(right),
                entity,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private <T> T asKofi(Supplier<T> act) {
        AtomicReference<T> done = new AtomicReference<>();
        new Circumstances(clock.instant(), new Actor.Account(kofi.value()), Optional.empty(), new Origin.Here())
                .run(() -> done.set(act.get()));
        return done.get();
    }

    private List<String> found(Right right, String text) {
        List<String> all = new ArrayList<>();
        Optional<EntityCode> after = Optional.empty();
        List<Found> page;
        do {
            Optional<EntityCode> from = after;
            page = asKofi(() -> entities.find(right, text, from, 1));
            page.forEach(it -> all.add(it.code().value()));
            after = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.getLast().code());
        } while (!page.isEmpty());
        return all;
    }

    @Test
    void byTheBeginningOfWordsWhereOneHasTheRight() {
        assertThat(found(Right.AUDIT, "")).isEmpty();
        give(Right.AUDIT, Optional.of(new EntityCode("education")));
        assertThat(found(Right.AUDIT, "")).containsExactly("education", "lycee");
        assertThat(found(Right.AUDIT, "almeida LYC")).containsExactly("lycee");
        assertThat(found(Right.AUDIT, "education")).contains("education");
        assertThat(found(Right.AUDIT, "solde")).isEmpty();
        assertThat(found(Right.CREDENTIALS, "")).isEmpty();
        assertThat(asKofi(() -> entities.find(Right.AUDIT, "lycee", Optional.empty(), 10)))
                .singleElement()
                .satisfies(it -> assertThat(it.above()).hasValue("Éducation nationale"));
        give(Right.AUDIT, Optional.empty());
        assertThat(found(Right.AUDIT, "")).contains("budget", "budget-solde", "energie", "lycee");
        for (String odd : List.of("'", "&|!:*()", "\\", "%", "' or 1=1 --")) {
            assertThat(found(Right.AUDIT, odd)).as(odd).isEmpty();
        }
        assertThat(catchThrowableOfType(ProvisioningRefused.class, () -> found(Right.AUDIT, "x".repeat(101)))
                        .reason())
                .isEqualTo(Reason.NOTHING_SOUGHT);
    }

    @Test
    void whoWaitsForALetterIsToldToWhoMayMakeIt() {
        ActivationCodes codes = directories.activationCodes();
        EntityCode budget = SmallState.BUDGET_SERVICE;
        assertThat(catchThrowableOfType(ProvisioningRefused.class, () -> asKofi(() -> codes.waiting(budget)))
                        .reason())
                .isEqualTo(Reason.NO_RIGHT);
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class,
                                () -> asKofi(() -> codes.issueTo(budget, true, _ -> {
                                    throw new AssertionError("nobody is named");
                                })))
                        .reason())
                .isEqualTo(Reason.NO_RIGHT);
        give(Right.CREDENTIALS, Optional.of(budget));
        ActivationCodes.Waiting before = asKofi(() -> codes.waiting(budget));
        assertThat(before.people()).isPositive();
        assertThat(before.served()).isZero();
        List<String> told = new ArrayList<>();
        int made = asKofi(
                () -> codes.issueTo(budget, false, it -> told.add(it.address().toString())));
        assertThat(made).as("the others are beyond the rights of who asks").isEqualTo(told.size());
        ActivationCodes.Waiting after = asKofi(() -> codes.waiting(budget));
        assertThat(after.served()).isEqualTo(made);
        assertThat(after.unserved()).isEqualTo(after.people() - made);
    }
}
