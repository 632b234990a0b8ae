package tg.gouv.messagerie.directory.ldap;

import org.apache.directory.server.core.api.interceptor.context.UnbindOperationContext;
import org.apache.directory.server.core.api.partition.AbstractPartition;
import org.apache.directory.server.core.api.partition.PartitionReadTxn;
import org.apache.directory.server.core.api.partition.PartitionTxn;

/** A partition that has nothing to open, to mend, or to keep for ApacheDS. */
abstract class QuietPartition extends AbstractPartition {
    @Override
    protected void doInit() {}

    @Override
    protected void doDestroy(PartitionTxn transaction) {}

    @Override
    protected void doRepair() {}

    @Override
    public void saveContextCsn(PartitionTxn transaction) {}

    @Override
    public void unbind(UnbindOperationContext context) {}

    @Override
    public PartitionReadTxn beginReadTransaction() {
        return new PartitionReadTxn();
    }
}
