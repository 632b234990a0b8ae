package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;

/** « Who has opened my account »: what the audit trail tells of one account, in sentences. */
final class AccessOperations {
    private static final List<String> PAGE = List.of("after", "limit");
    private static final List<String> PAGED = List.of("items[]", "next?");
    private final Register register;
    private final Rights rights;
    private final AccessLedger ledger;
    private final PartLedger parts;

    AccessOperations(Register register, Rights rights, AccessLedger ledger, PartLedger parts) {
        this.parts = parts;
        this.register = register;
        this.rights = rights;
        this.ledger = ledger;
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
                        call -> page(call, call.signedIn(), ledger::own)),
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
                        call -> page(call, known(call), ledger::another)),
                new Operation(
                        "GET",
                        "/entities/{code}/audit",
                        "partAudit",
                        "What the audit trail tells of an entity and what is below it, the newest first; that somebody reads is told there too."
                                + " A page may be short, or empty, and have a next one.",
                        "audit",
                        List.of("act", "person", "after", "limit"),
                        List.of(),
                        200,
                        PAGED,
                        this::part));
    }

    private Answer part(Call call) {
        EntityCode entity = call.path("code", EntityCode::new);
        Optional<AccountId> person = call.query("person", MailAddress::of)
                .map(address -> register.person(address)
                        .map(Registered::account)
                        .orElseThrow(() -> new Problem(422, "nobody-there", address.toString())));
        Optional<Long> before = call.query("after", Long::valueOf);
        PartLedger.Page page = parts.of(
                entity,
                new PartLedger.Wanted(call.query("act", text -> text), person),
                before.map(OptionalLong::of).orElse(OptionalLong.empty()),
                call.limit());
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.entries().forEach(row -> show(items.addObject(), row.row(), row::sentence));
        if (page.next().isPresent()) {
            json.put("next", String.valueOf(page.next().getAsLong()));
        } else {
            json.putNull("next");
        }
        return Answer.of(json);
    }

    /** How rows are read. */
    private interface Reading {
        List<AccessLedger.Entry> rows(AccountId account, OptionalLong before, int most);
    }

    private static Answer page(Call call, AccountId account, Reading reading) {
        Optional<Long> before = call.query("after", Long::valueOf);
        int limit = call.limit();
        List<AccessLedger.Entry> rows =
                reading.rows(account, before.map(OptionalLong::of).orElse(OptionalLong.empty()), limit);
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        rows.forEach(row -> show(items.addObject(), row.row(), row::sentence));
        if (rows.size() < limit) {
            json.putNull("next");
        } else {
            json.put("next", String.valueOf(rows.getLast().row().number()));
        }
        return Answer.of(json);
    }

    private static void show(ObjectNode item, Told row, Function<Locale, String> sentence) {
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
        item.put("fr", sentence.apply(Locale.FRENCH)).put("en", sentence.apply(Locale.ENGLISH));
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
