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
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;

/** Who waits for a letter in a service is told to who may make it, and to nobody else. */
class LettersOfAServiceTest extends DirectoryTest {
    private AccountId kofi;

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of()));
        kofi = account(SmallState.KOFI).id();
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
