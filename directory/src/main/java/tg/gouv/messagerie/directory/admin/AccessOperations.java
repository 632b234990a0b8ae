package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.language.Messages;

/** « Who has opened my account »: what the audit trail tells of one account, in sentences. */
final class AccessOperations {
    private static final List<String> PAGE = List.of("after", "limit");
    private static final List<String> PAGED = List.of("items[]", "next?");
    private static final String SECRET = "secret:";

    /** Acts that have a sentence of their own. */
    private static final Set<String> TOLD = Set.of(
            "access",
            "sending",
            "look-access",
            "mailbox-rights",
            "directory-grant",
            "directory-revoke",
            "directory-password",
            "directory-device-password-issued",
            "directory-device-password-revoked",
            "directory-second-factor-on",
            "directory-second-factor-off",
            "directory-sign-out",
            "directory-account-state",
            "directory-person",
            "directory-assignment",
            "directory-person-export");

    private final Register register;
    private final Rights rights;
    private final AuditAbout about;
    private final InstantSource clock;

    AccessOperations(Register register, Rights rights, AuditAbout about, InstantSource clock) {
        this.register = register;
        this.rights = rights;
        this.about = about;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/me/access",
                        "myAccess",
                        "Who has opened one's account, and what was done to it: the newest first.",
                        "token",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        call -> page(call, call.signedIn(), Optional.empty())),
                new Operation(
                        "GET",
                        "/people/{address}/access",
                        "access",
                        "Who has opened a person's account; that somebody looks is told there too.",
                        "audit",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        call -> page(call, known(call), Optional.of(Circumstances.current(clock)))));
    }

    private Answer page(Call call, AccountId account, Optional<Circumstances> looker) {
        Optional<Long> before = call.query("after", Long::valueOf);
        int limit = call.limit();
        List<Told> rows = about.about(
                account.value(), looker, before.map(OptionalLong::of).orElse(OptionalLong.empty()), limit);
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        rows.forEach(row -> show(items.addObject(), row, account));
        if (rows.size() < limit) {
            json.putNull("next");
        } else {
            json.put("next", String.valueOf(rows.getLast().number()));
        }
        return Answer.of(json);
    }

    private static void show(ObjectNode item, Told row, AccountId account) {
        item.put("from", row.began().toString())
                .put("until", row.ended().toString())
                .put("times", row.times())
                .put("act", row.act())
                .put("by", row.actor())
                .put("of", row.subject())
                .put("outcome", row.outcome());
        row.counterpart().ifPresent(it -> item.put("with", it));
        row.network().ifPresent(it -> item.put("network", it));
        row.protocol().ifPresent(it -> item.put("protocol", it));
        item.put("fr", sentence(row, account, Locale.FRENCH)).put("en", sentence(row, account, Locale.ENGLISH));
    }

    private static String sentence(Told row, AccountId account, Locale language) {
        Messages messages = Messages.beside(Problem.class, language);
        boolean own = row.actor().equals(new Actor.Account(account.value()).text());
        String who = own
                ? messages.text("access.you")
                : row.actor().startsWith("account:") ? messages.text("access.somebody") : row.actor();
        String where =
                row.protocol().map(it -> it + ", ").orElse("") + row.network().orElse("");
        return messages.text("access." + kind(row), who, where, row.act());
    }

    /** Which sentence tells it. */
    private static String kind(Told row) {
        if (row.act().equals("sign-in")) {
            return "sign-in."
                    + row.counterpart()
                            .filter(it -> it.startsWith(SECRET))
                            .map(it -> it.substring(SECRET.length()))
                            .filter(_ -> !row.outcome().equals("throttled"))
                            .map(it -> it.startsWith("token-") ? "token-refused" : it)
                            .orElse(row.outcome());
        }
        return TOLD.contains(row.act()) ? row.act() : "other";
    }

    private AccountId known(Call call) {
        AccountId account = register.person(call.path("address", MailAddress::of))
                .map(Registered::account)
                .orElseThrow(Problem::nothingThere);
        if (!rights.may(call.signedIn(), Right.AUDIT, new Place.OfAccount(account))) {
            throw new Problem(403, "not-allowed", Right.AUDIT.word());
        }
        return account;
    }
}
