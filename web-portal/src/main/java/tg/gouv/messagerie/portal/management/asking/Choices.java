package tg.gouv.messagerie.portal.management.asking;

import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.pages.Visit;

/**
 * What somebody chooses from: everything where that is little, else what they looked for, by {@code ?cherche=}.
 *
 * @param found {@link #FEW} at most
 * @param isMany whether one must look for it
 * @param sought for what one looked
 * @param isCut whether there is more than was found
 */
public record Choices(List<Choice> found, boolean isMany, String sought, boolean isCut) {
    /** So many are shown at once. */
    public static final int FEW = 60;

    private static final String SOUGHT = "cherche";

    public Choices {
        found = List.copyOf(found);
    }

    /** Finds some things by the words of their names; all of them by none. */
    @FunctionalInterface
    public interface Finding {
        /** At most so many. */
        List<Choice> find(String text, int most);
    }

    /** The entities in which who asks has a right. */
    public static Choices entities(Visit visit, StructureIndex structure, Right right) {
        return of(
                visit,
                (text, most) -> structure.entities(right, text, Optional.empty(), most).stream()
                        .map(it -> Choice.of(it.entity()))
                        .toList());
    }

    /** The positions of those entities. */
    public static Choices positions(Visit visit, StructureIndex structure, Right right) {
        return of(
                visit,
                (text, most) -> structure.positions(right, text, most).stream()
                        .map(Choice::of)
                        .toList());
    }

    /** What is found as the visitor wants it. */
    public static Choices of(Visit visit, Finding finding) {
        List<Choice> all = finding.find("", FEW + 1);
        if (all.size() <= FEW) {
            return new Choices(all, false, "", false);
        }
        String sought = visit.form().has(SOUGHT)
                ? visit.form().line(SOUGHT)
                : visit.query().line(SOUGHT);
        if (sought.isEmpty()) {
            return new Choices(List.of(), true, "", false);
        }
        try {
            List<Choice> found = finding.find(sought, FEW + 1);
            return new Choices(found.subList(0, Math.min(FEW, found.size())), true, sought, found.size() > FEW);
        } catch (ProvisioningRefused refused) {
            if (refused.reason() != ProvisioningRefused.Reason.NOTHING_SOUGHT) {
                throw refused;
            }
            return new Choices(List.of(), true, sought, false);
        }
    }
}
