package tg.gouv.messagerie.directory.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.settings.Secret;

/** What the API does with one's own password: a token alone, which may be stolen, changes none. */
record PasswordOperations(Directory directory, SignIns signIns, SecondFactors factors, Provisioning provisioning) {
    List<Operation> all() {
        return List.of(new Operation(
                "PUT",
                "/me/password",
                "changeMyPassword",
                "Another password for oneself, with the one there is, or for who has a second factor with a code; what the one before"
                        + " opened ends, and this token serves no more.",
                "token",
                List.of(),
                List.of("current?", "code?", "password"),
                204,
                List.of(),
                this::change));
    }

    private Answer change(Call call) {
        Optional<Secret> current = call.body().optional("current", Secret::new);
        Optional<Secret> code = call.body().optional("code", Secret::new);
        Secret password = call.body().of("password", Secret::new);
        call.body().end();
        AccountId owner = call.signedIn();
        provisioning.demandGood(owner, password); // before a code is used up
        if (code.isPresent()) {
            factors.demand(owner, code.get());
        } else if (factors.of(owner).since().isPresent()) {
            throw new Problem(401, "code-needed");
        } else {
            demand(current.orElseThrow(() -> new Problem(400, "current-or-code")), call);
        }
        provisioning.ownPassword(owner, password);
        return Answer.nothing();
    }

    private String login(Call call) {
        return directory
                .byId(call.signedIn())
                .orElseThrow(Problem::nothingThere)
                .primary()
                .toString();
    }

    /** It counts as any attempt does. */
    private void demand(Secret current, Call call) {
        switch (signIns.signIn(login(call), current, call.client(), SignIns.Protocol.WEB)) {
            case SignIn.Granted _ -> {}
            case SignIn.Refused() -> throw new Problem(403, "password-wrong");
            case SignIn.Throttled(Instant until) -> throw new Problem(429, "sign-in-throttled", until.toString());
        }
    }
}
