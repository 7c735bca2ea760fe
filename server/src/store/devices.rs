//! Devices: what they told of themselves, and which notices their association's reviewers have seen.

use async_trait::async_trait;
use domain::{AssociationId, DeviceId, UserId};
use sync::{account::DeviceAccount, limits};

use super::{DeviceReport, DeviceRow, LastContact, Result};

#[async_trait]
pub trait Devices: Send + Sync {
    /// When each of a user's devices last told of itself, and what; the latest first.
    async fn last_contacts(&self, user: UserId) -> Result<Vec<LastContact>>;

    /// The devices that an association has to do with, those of its members only; the latest contact first.
    async fn devices(&self, association: AssociationId) -> Result<Vec<DeviceRow>>;

    /// Remembers that a reviewer has seen how many changes of a device are missing.
    async fn missing_seen(
        &self,
        association: AssociationId,
        user: UserId,
        device: DeviceId,
        missing: u64,
    ) -> Result<()>;
}

#[async_trait]
pub trait DevicesTx: Send {
    /// Remembers that an association has to do with a device.
    async fn add_device(&mut self, association: AssociationId, user: UserId, device: DeviceId) -> Result<()>;

    /// Forgets a user's devices beyond `most`, but never `device`: first those on which nothing waits and nothing is missing, and
    /// of these the ones that made contact longest ago.
    async fn forget_devices(&mut self, user: UserId, device: DeviceId, most: u32) -> Result<()>;

    /// A device's account: one for each user, over all their associations. It is locked until the transaction ends.
    async fn device_account(&mut self, user: UserId, device: DeviceId) -> Result<Option<DeviceAccount>>;

    /// Saves a device's account, as of `now_ms`. A number that the database cannot hold is saved as the largest that it can.
    async fn save_device_account(
        &mut self,
        user: UserId,
        device: DeviceId,
        account: &DeviceAccount,
        now_ms: i64,
    ) -> Result<()>;

    /// Remembers what a device said of itself, and compares it with what was received from it.
    async fn seen(&mut self, association: AssociationId, report: DeviceReport, now_ms: i64) -> Result<()> {
        let DeviceReport { device, user, counts, brought } = report;
        // One that does not count is not shown to anybody.
        let Some(counts) = counts else { return Ok(()) };
        self.add_device(association, user, device).await?;
        let before = self.device_account(user, device).await?;
        let is_new = before.is_none();
        let account = DeviceAccount::after(before, counts, brought);
        self.save_device_account(user, device, &account, now_ms).await?;
        if is_new {
            self.forget_devices(user, device, limits::DEVICES_MAX).await?;
        }
        Ok(())
    }
}
