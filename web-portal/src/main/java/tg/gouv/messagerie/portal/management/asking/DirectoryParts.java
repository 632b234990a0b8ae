package tg.gouv.messagerie.portal.management.asking;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.portal.pages.Visit;

/** What the pages of « Gestion » ask of the directory. */
public record DirectoryParts(
        Directory directory,
        Register register,
        Provisioning provisioning,
        Rights rights,
        StructureIndex structure,
        InstantSource clock) {
    /**
     * Where the visitor has a right.
     *
     * @throws tg.gouv.messagerie.portal.pages.PageRefused if it is nowhere
     */
    public Reach reach(Visit visit, Right right) {
        return Reach.of(rights.heldBy(visit.account()), right);
    }

    /** The name of an entity. */
    public String name(EntityCode code) {
        return register.entity(code).map(Entity::name).orElse(code.value());
    }

    /** The names of some entities, in one question. */
    public Map<EntityCode, String> names(Collection<EntityCode> codes) {
        return register.entities(codes).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().name()));
    }

    /** The first groups of where the visitor has a right, to choose from. */
    public List<Choice> groups(Visit visit, Right right) {
        return reach(visit, right)
                .page(
                        part -> register.groups(part, Optional.empty(), Choices.FEW),
                        (Group it) -> it.code().value(),
                        Choices.FEW)
                .stream()
                .map(it -> new Choice(it.code().value(), it.name() + " (" + it.code() + ")"))
                .toList();
    }
}
