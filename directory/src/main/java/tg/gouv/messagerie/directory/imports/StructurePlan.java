package tg.gouv.messagerie.directory.imports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tg.gouv.messagerie.directory.imports.Imports.Kind;
import tg.gouv.messagerie.directory.imports.StructureFile.Column;
import tg.gouv.messagerie.directory.imports.StructureFile.Row;
import tg.gouv.messagerie.platform.language.Messages;

/*
 * Rows are looked at until none is refused any more: one that hangs below a refused row is refused too, unless what it hangs below is in the
 * directory already. Changes are in the order of their depth in the tree that comes out, so each finds what is above it where it will be.
 */
/** What a file of entities or positions changes in the directory as it is. */
public final class StructurePlan {
    /** Deeper is no tree of a State. */
    private static final int DEPTH_MAX = 50;

    private final StructureFile file;
    private final Map<String, Known> present;
    private final Map<String, Known> entities;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private int unchanged;

    private StructurePlan(StructureFile file, Map<String, Known> present, Map<String, Known> entities) {
        this.file = file;
        this.present = present;
        this.entities = entities;
        this.problems.addAll(file.problems());
        file.rows().forEach(it -> rows.put(it.code(), it));
    }

    /**
     * An entity or a position as it is, or as it is to be.
     *
     * @param of the entity above, or empty
     * @param rule the address rule, or empty
     */
    public record Known(String name, String of, String rule) {
        private String text() {
            return "« " + name + " »" + (of.isEmpty() ? "" : " < " + of) + (rule.isEmpty() ? "" : ", " + rule);
        }
    }

    /** A change that one row makes. */
    public record Change(int line, String code, Optional<Known> before, Known after) {
        /** One line that says what changes. */
        public String sentence(Locale language) {
            return Messages.beside(StructurePlan.class, language)
                    .text("change.structure", String.valueOf(line), code, what(language));
        }

        /** What changes, without of which code. */
        public String what(Locale language) {
            Messages messages = Messages.beside(StructurePlan.class, language);
            return before.isEmpty()
                    ? messages.text("change.structure.new", after.text())
                    : messages.text("change.structure.other", before.get().text(), after.text());
        }
    }

    /**
     * Compares a file with the directory.
     *
     * @param present entities or positions, as the file holds, by code
     * @param entities all of them, by code
     * @param domains that are ours
     */
    public static StructurePlan of(
            StructureFile file, Map<String, Known> present, Map<String, Known> entities, Set<String> domains) {
        StructurePlan plan = new StructurePlan(file, present, entities);
        plan.names(domains);
        plan.tree();
        for (Row row : plan.rows.values()) {
            Known after = plan.after(row);
            Optional<Known> before = Optional.ofNullable(present.get(row.code()));
            if (before.equals(Optional.of(after))) {
                plan.unchanged++;
            } else {
                plan.changes.add(new Change(row.line(), row.code(), before, after));
            }
        }
        if (file.kind() == Kind.ENTITIES) {
            Map<String, Integer> depths = new HashMap<>();
            plan.changes.forEach(it -> depths.put(it.code(), plan.depth(it.code())));
            plan.changes.sort(Comparator.comparingInt(it -> depths.getOrDefault(it.code(), 0)));
        }
        plan.problems.sort(Comparator.comparingInt(Problem::line));
        return plan;
    }

    /** What changes, what is above before what is below it. */
    public List<Change> changes() {
        return changes;
    }

    /** What is wrong, by line. */
    public List<Problem> problems() {
        return problems;
    }

    /** How many rows find everything as they say. */
    public int unchanged() {
        return unchanged;
    }

    /** The lines that are not imported. */
    public Set<Integer> refusedLines() {
        Set<Integer> lines = new TreeSet<>();
        problems.forEach(it -> lines.add(it.row()));
        return lines;
    }

    private void names(Set<String> domains) {
        for (Row row : List.copyOf(rows.values())) {
            Known after = after(row);
            if (after.name().isEmpty()) {
                refuse(row, Problem.Kind.LABEL_MISSING, file.name(), "");
            } else if (file.kind() == Kind.POSITIONS && after.of().isEmpty()) {
                refuse(row, Problem.Kind.UNKNOWN_ENTITY, Column.ENTITY, "");
            } else if (!after.rule().isEmpty()
                    && !domains.contains(AddressRule.parse(after.rule()).domain())) {
                refuse(
                        row,
                        Problem.Kind.DOMAIN_NOT_OURS,
                        Column.RULE,
                        AddressRule.parse(after.rule()).domain());
            }
        }
    }

    private void tree() {
        Map<Row, Problem.Kind> wrong = new LinkedHashMap<>();
        do {
            wrong.clear();
            rows.values().forEach(row -> wrong(row).ifPresent(it -> wrong.put(row, it)));
            wrong.forEach((row, kind) -> refuse(
                    row,
                    kind,
                    file.above(),
                    kind == Problem.Kind.CYCLE ? row.code() : after(row).of()));
        } while (!wrong.isEmpty());
    }

    /** What is wrong with what is above a row; a cycle is told of the rows that are in it, not of those below it. */
    private Optional<Problem.Kind> wrong(Row row) {
        String above = after(row).of();
        Set<String> seen = new HashSet<>();
        while (!above.isEmpty() && seen.add(above)) {
            if (file.kind() == Kind.ENTITIES && above.equals(row.code())) {
                return Optional.of(Problem.Kind.CYCLE);
            }
            Optional<Known> entity = entity(above);
            if (entity.isEmpty()) {
                return Optional.of(Problem.Kind.UNKNOWN_ENTITY);
            }
            above = entity.get().of();
        }
        return Optional.empty();
    }

    /** An entity as it will be. */
    private Optional<Known> entity(String code) {
        Row row = file.kind() == Kind.ENTITIES ? rows.get(code) : null;
        return row == null ? Optional.ofNullable(entities.get(code)) : Optional.of(after(row));
    }

    private int depth(String code) {
        int depth = 0;
        for (Optional<Known> at = entity(code);
                at.isPresent() && !at.get().of().isEmpty() && depth < DEPTH_MAX;
                depth++) {
            at = entity(at.get().of());
        }
        return depth;
    }

    private Known after(Row row) {
        Known before = present.getOrDefault(row.code(), new Known("", "", ""));
        return new Known(
                row.name().isEmpty() ? before.name() : row.name(),
                kept(row.of(), before.of()),
                kept(row.rule(), before.rule()).toLowerCase(Locale.ROOT));
    }

    private static String kept(String written, String before) {
        return written.isEmpty() ? before : written.equals(PersonRow.NOTHING) ? "" : written;
    }

    private void refuse(Row row, Problem.Kind kind, Column column, String value) {
        rows.remove(row.code());
        problems.add(Problem.of(kind, row.line(), file.title(column), value));
    }
}
