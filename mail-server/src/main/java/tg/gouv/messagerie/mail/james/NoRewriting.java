package tg.gouv.messagerie.mail.james;

import java.util.EnumSet;
import java.util.Map;
import org.apache.james.core.Domain;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTableConfiguration;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.rrt.lib.Mapping;
import org.apache.james.rrt.lib.MappingSource;
import org.apache.james.rrt.lib.Mappings;
import org.apache.james.rrt.lib.MappingsImpl;

/*
 * Which account an address delivers to is a fact of the directory: aliases, former addresses and function mailboxes are its rows, and
 * DirectoryUsers answers for them. A second table that maps addresses would make two truths, one of which no provisioning, no audit
 * and no reassignment knows; a person's own forwards are Sieve's redirect. James asks for a table wherever he looks up a
 * recipient, so here is one that never has a line, and says so to whoever would write one.
 */
/** James's table of rewriting rules, always empty. */
final class NoRewriting implements RecipientRewriteTable {
    @Override
    public Mappings getResolvedMappings(String user, Domain domain, EnumSet<Mapping.Type> types) {
        return MappingsImpl.empty();
    }

    @Override
    public Mappings getStoredMappings(MappingSource source) {
        return MappingsImpl.empty();
    }

    @Override
    public Map<MappingSource, Mappings> getAllMappings() {
        return Map.of();
    }

    @Override
    public RecipientRewriteTableConfiguration getConfiguration() {
        return RecipientRewriteTableConfiguration.DISABLED;
    }

    private static RecipientRewriteTableException readOnly() {
        return new RecipientRewriteTableException("addresses are made in the directory");
    }

    @Override
    public void addMapping(MappingSource source, Mapping mapping) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeMapping(MappingSource source, Mapping mapping) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addRegexMapping(MappingSource source, String regex) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeRegexMapping(MappingSource source, String regex) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addAddressMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeAddressMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addErrorMapping(MappingSource source, String error) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeErrorMapping(MappingSource source, String error) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addDomainMapping(MappingSource source, Domain domain) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeDomainMapping(MappingSource source, Domain domain) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addDomainAliasMapping(MappingSource source, Domain domain) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeDomainAliasMapping(MappingSource source, Domain domain) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addForwardMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeForwardMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addGroupMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeGroupMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void addAliasMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }

    @Override
    public void removeAliasMapping(MappingSource source, String address) throws RecipientRewriteTableException {
        throw readOnly();
    }
}
