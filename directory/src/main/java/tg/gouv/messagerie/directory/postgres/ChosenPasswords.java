package tg.gouv.messagerie.directory.postgres;

import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.PasswordRules;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** Passwords that people choose for themselves, judged by the rules and by what the directory knows of them. */
record ChosenPasswords(Connections connections, PasswordRules rules) {
    void demand(AccountId owner, Secret password) {
        refusal(owner, password).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** As {@link #demand}, before anything is known of who chooses it. */
    void demandForAnybody(Secret password) {
        refusal(rules.judge(password, List.of())).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** Why it does not do, if it does not. */
    Optional<ProvisioningRefused> refusal(AccountId owner, Secret password) {
        return refusal(rules.judge(password, known(owner)));
    }

    private Optional<ProvisioningRefused> refusal(PasswordRules.Verdict verdict) {
        return switch (verdict) {
            case GOOD -> Optional.empty();
            case SHORT -> Optional.of(new ProvisioningRefused(Reason.SHORT_PASSWORD, rules.lengthMin()));
            case COMMON -> Optional.of(new ProvisioningRefused(Reason.COMMON_PASSWORD));
            case OWN -> Optional.of(new ProvisioningRefused(Reason.OWN_NAME_PASSWORD));
        };
    }

    private List<String> known(AccountId owner) {
        return connections.autoCommit(
                c -> Sql.query(c, row -> row.getString(1), """
                select display_name from account where id = ?
                union all select given_name || ' ' || family_name from person where account_id = ?
                union all select split_part(address, '@', 1) from address where account_id = ?
                """, owner.value(), owner.value(), owner.value()));
    }
}
