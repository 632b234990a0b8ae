package tg.gouv.messagerie.platform.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * The heads outside are scanned first for the last row they know: the program brings a head outside after it committed the
 * rows, so what the database has afterwards must reach at least that far, even while the program goes on sealing. Then the rows
 * are followed from the first to the last, then the database's heads are compared with them, then the heads outside. Each
 * step reads a bounded number at a time, between which no transaction is open.
 */
/** One look at the whole trail. */
final class Verification {
    private static final int PAGE = 1_000;

    /** More keys than a State has nodes in a century. */
    private static final int KEYS_MAX = 10_000;

    private final Connections connections;
    private final Optional<DirectoryHeads> outside;
    private final Set<String> keysOutside = new TreeSet<>();
    private final Set<String> keys = new TreeSet<>();
    private long lastOutside;
    private long unreadable;
    private long headsOutside;
    private long heads;

    Verification(Connections connections, Optional<DirectoryHeads> outside) {
        this.connections = connections;
        this.outside = outside;
    }

    Verdict verdict() throws IOException {
        if (outside.isPresent()) {
            outside.get().read(this::scan);
        }
        Optional<Chain> found = connections.autoCommit(Chain::of);
        if (found.isEmpty()) {
            return new Verdict.Broken(new Fault.ChainMissing(), 0);
        }
        Chain chain = found.get();
        Optional<Fault> fault = rows(chain);
        if (fault.isEmpty()) {
            fault = heads(chain);
        }
        if (fault.isEmpty() && outside.isPresent()) {
            fault = outside(chain, outside.get());
        }
        return fault.<Verdict>map(it -> new Verdict.Broken(it, fitting(it, chain)))
                .orElseGet(() -> sound(chain));
    }

    private Verdict sound(Chain chain) {
        long unsealed = connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select count(*) from audit_pending"))
                .orElse(0L);
        return new Verdict.Sound(
                chain.id(),
                chain.number(),
                chain.link().hex(),
                heads,
                outside.map(_ -> headsOutside),
                unreadable,
                unsealed,
                keys);
    }

    /** How many rows fit before the fault. */
    private static long fitting(Fault fault, Chain chain) {
        return switch (fault) {
            case Fault.RowAltered row -> row.number() - 1;
            case Fault.RowMissing row -> row.number() - 1;
            case Fault.HeadDiffers head -> head.lastGood();
            case Fault.OutsideHeadDiffers head -> head.lastGood();
            case Fault.ChainMissing() -> 0;
            case Fault.TailMissing _,
                    Fault.RowsBehindTheEnd _,
                    Fault.HeadMissing _,
                    Fault.HeadForged _,
                    Fault.OutsideHeadForged _,
                    Fault.OutsideHeadsMissing _,
                    Fault.KeyUnknownOutside _ -> chain.number();
        };
    }

    private Optional<Fault> rows(Chain chain) {
        Chain at = new Chain(chain.id(), 0, Link.first(chain.id()));
        while (at.number() < chain.number()) {
            for (Numbered each : page(at.number(), chain.number())) {
                if (each.number() != at.number() + 1) {
                    return Optional.of(new Fault.RowMissing(at.number() + 1));
                }
                Optional<Chain> next = follow(at, each);
                if (next.isEmpty()) {
                    return Optional.of(altered(each));
                }
                at = next.get();
            }
            if (at.number() < chain.number()
                    && page(at.number(), chain.number()).isEmpty()) {
                return Optional.of(new Fault.RowMissing(at.number() + 1));
            }
        }
        if (!at.link().equals(chain.link())) {
            return page(at.number() - 1, at.number()).stream()
                    .map(Verification::altered)
                    .findFirst();
        }
        return behindTheEnd();
    }

    private static Optional<Chain> follow(Chain at, Numbered each) {
        try {
            return Optional.of(at.with(each.row()))
                    .filter(it -> each.row().format() == Row.FORMAT)
                    .filter(it -> it.link().hex().equals(each.link()));
        } catch (ArithmeticException e) {
            return Optional.empty(); // a time that no clock tells
        }
    }

    private static Fault altered(Numbered each) {
        Row row = each.row();
        return new Fault.RowAltered(
                each.number(), row.id(), row.began(), row.facts().act());
    }

    private List<Numbered> page(long after, long upTo) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new Numbered(row.getLong("number"), row.getString("hex"), Row.read(row)),
                "select number, encode(link, 'hex') hex, " + Row.COLUMNS
                        + " from audit_event where number > ? and number <= ? order by number limit ?",
                after,
                upTo,
                PAGE));
    }

    private Optional<Fault> behindTheEnd() {
        return connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> row.getLong(1),
                        "select last_number from audit_chain"
                                + " where last_number < (select max(number) from audit_event)"))
                .map(Fault.RowsBehindTheEnd::new);
    }

    private Optional<Fault> heads(Chain chain) {
        long lastGood = 0;
        for (List<Stated> page = heads(0, chain); !page.isEmpty(); page = heads(lastGood, chain)) {
            for (Stated each : page) {
                Optional<Head> head = Head.parse(each.line()).filter(it -> isOurs(it, chain, each.number()));
                if (head.isEmpty()) {
                    return Optional.of(new Fault.HeadForged(each.number()));
                }
                if (!head.get().link().equals(each.link())) {
                    return Optional.of(new Fault.HeadDiffers(lastGood, each.number()));
                }
                if (each.number() <= lastOutside
                        && !keysOutside.contains(head.get().publicKey())) {
                    return Optional.of(new Fault.KeyUnknownOutside(each.number()));
                }
                note(head.get().publicKey(), keys);
                lastGood = each.number();
                heads++;
            }
        }
        return lastGood == chain.number() ? Optional.empty() : Optional.of(new Fault.HeadMissing(chain.number()));
    }

    private static boolean isOurs(Head head, Chain chain, long number) {
        return head.chain().equals(chain.id()) && head.number() == number && head.isGenuine();
    }

    private List<Stated> heads(long after, Chain chain) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new Stated(row.getLong(1), row.getString(2), String.valueOf(row.getString(3))),
                """
                select h.number, h.line, encode(e.link, 'hex') from audit_head h left join audit_event e using (number)
                where h.number > ? and h.number <= ? order by h.number limit ?
                """,
                after,
                chain.number(),
                PAGE));
    }

    /** Notes what the heads outside know, whoever signed them. */
    private void scan(String line) {
        Optional<Head> head = Head.parse(line);
        if (head.isEmpty()) {
            unreadable += line.isBlank() ? 0 : 1;
            return;
        }
        headsOutside++;
        lastOutside = Math.max(lastOutside, head.get().number());
        if (keysOutside.size() < KEYS_MAX) {
            keysOutside.add(head.get().publicKey());
        }
    }

    private Optional<Fault> outside(Chain chain, DirectoryHeads folder) throws IOException {
        // Asked before the folder is read again: what was brought until now is there then.
        long brought = connections
                .autoCommit(c -> Sql.first(
                        c, row -> row.getLong(1), "select last_number from audit_sink where name = ?", folder.name()))
                .orElse(0L);
        Comparison comparison = new Comparison(chain);
        folder.read(comparison::take);
        comparison.compare();
        if (comparison.fault.isPresent()) {
            return comparison.fault;
        }
        if (lastOutside > chain.number()) {
            return Optional.of(new Fault.TailMissing(chain.number() + 1, lastOutside));
        }
        return brought > comparison.last
                ? Optional.of(new Fault.OutsideHeadsMissing(comparison.last, brought))
                : Optional.empty();
    }

    private static void note(String publicKey, Set<String> keys) {
        if (keys.size() < KEYS_MAX) {
            keys.add(fingerprint(publicKey));
        }
    }

    private static String fingerprint(String publicKey) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(Base64.getDecoder().decode(publicKey.getBytes(StandardCharsets.US_ASCII))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A row with its place in the chain. */
    private record Numbered(long number, String link, Row row) {}

    /** A head of the database and the link that the row it names has. */
    private record Stated(long number, String line, String link) {}

    /** Compares heads outside with the rows, some at a time; the first that differs is the fault. */
    private final class Comparison {
        private final Chain chain;
        private final List<Head> some = new ArrayList<>();
        private Optional<Fault> fault = Optional.empty();
        private long lastGood;
        private long last;

        Comparison(Chain chain) {
            this.chain = chain;
        }

        void take(String line) {
            Optional<Head> head = Head.parse(line);
            last = Math.max(last, head.map(Head::number).orElse(0L));
            // Heads of rows that were sealed since this look began are left to the next one.
            head.filter(it -> it.number() <= chain.number()).ifPresent(some::add);
            if (some.size() == PAGE) {
                compare();
            }
        }

        void compare() {
            Map<Long, String> links = new HashMap<>();
            Long[] numbers = some.stream().map(Head::number).toArray(Long[]::new);
            connections.autoCommit(c -> Sql.query(
                    c,
                    row -> links.put(row.getLong(1), row.getString(2)),
                    "select number, encode(link, 'hex') from audit_event where number = any(?)",
                    (Object) numbers));
            for (Head head : some) {
                if (fault.isPresent()) {
                    break;
                }
                if (!isOurs(head, chain, head.number())) {
                    fault = Optional.of(new Fault.OutsideHeadForged(head.number()));
                } else if (!head.link().equals(links.get(head.number()))) {
                    fault = Optional.of(new Fault.OutsideHeadDiffers(lastGood, head.number()));
                } else {
                    lastGood = Math.max(lastGood, head.number());
                }
            }
            some.clear();
        }
    }
}
