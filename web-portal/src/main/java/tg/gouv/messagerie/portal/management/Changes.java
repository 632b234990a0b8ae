package tg.gouv.messagerie.portal.management;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.LifeCycle.Change;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.portal.pages.Shell;

/** What an act changed, or would, in words. */
record Changes(Shell shell, Register register) {
    /**
     * A sentence for each change.
     *
     * @param before the person as they were
     * @param forwards where their mail went on to
     */
    List<String> sentences(LifeCycle act, Registered before, LifeCycle.Done done, List<String> forwards) {
        Map<PositionCode, Position> positions = register.positions(done.changes().stream()
                .filter(it -> it.what().equals("assignment"))
                .flatMap(it -> it.with().stream())
                .map(PositionCode::new)
                .collect(Collectors.toSet()));
        Set<PositionCode> held = new HashSet<>(before.positions());
        List<String> sentences = new ArrayList<>();
        for (Change change : done.changes()) {
            if (act instanceof LifeCycle.Departure departure && change.what().equals("departure")) {
                sentences.addAll(departure(departure, who(before, change), forwards));
                continue;
            }
            sentences.add(
                    switch (change.what()) {
                        case "assignment" -> assignment(act, before, change, positions, held);
                        case "person" -> person(act, before, change);
                        case "account-state" ->
                            shell.text(
                                    "change.state." + change.with().orElse("").toUpperCase(Locale.ROOT),
                                    who(before, change));
                        case "departure-ended" -> shell.text("change.departure-ended", who(before, change));
                        default -> shell.text("change.other", who(before, change));
                    });
        }
        return sentences;
    }

    /** Who reads, who answers, until when, and which forwards end. */
    private List<String> departure(LifeCycle.Departure act, String who, List<String> forwards) {
        List<String> sentences = new ArrayList<>();
        sentences.add(act.reader()
                .map(it -> shell.text("change.reader", it.toString(), who))
                .orElseGet(() -> shell.text("change.no-reader", who)));
        sentences.add(act.answer()
                .map(it -> shell.text("change.answer", who, it.toString()))
                .orElseGet(() -> shell.text("change.no-answer", who)));
        forwards.forEach(it -> sentences.add(shell.text("change.forward-ends", who, it)));
        sentences.add(shell.text("change.filters-end", who));
        sentences.add(shell.text("change.closes", who, shell.moment(act.until())));
        return sentences;
    }

    private String assignment(
            LifeCycle act,
            Registered before,
            Change change,
            Map<PositionCode, Position> positions,
            Set<PositionCode> held) {
        PositionCode code = new PositionCode(change.with().orElseThrow());
        boolean ends = act instanceof LifeCycle.Departure || (isOf(before, change) && held.remove(code));
        return shell.text(
                ends ? "change.leaves" : "change.takes",
                who(before, change),
                Optional.ofNullable(positions.get(code)).map(Position::title).orElse(code.value()));
    }

    private String person(LifeCycle act, Registered before, Change change) {
        return switch (act) {
            case LifeCycle.Renaming renaming ->
                shell.text(
                        "change.renamed",
                        before.person().name().display(),
                        renaming.name().display(),
                        renaming.address().toString());
            case LifeCycle.Reassignment reassignment ->
                shell.text(
                        "change.entity",
                        who(before, change),
                        register.position(reassignment.takes())
                                .map(Position::entity)
                                .flatMap(register::entity)
                                .map(Entity::name)
                                .orElse(""));
            default -> shell.text("change.other", who(before, change));
        };
    }

    private static boolean isOf(Registered person, Change change) {
        return person.addresses().stream().anyMatch(it -> it.toString().equals(change.subject()));
    }

    private static String who(Registered person, Change change) {
        return isOf(person, change) ? person.person().name().display() : change.subject();
    }
}
